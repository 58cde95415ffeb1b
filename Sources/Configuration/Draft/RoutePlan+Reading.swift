extension RoutePlan {
    static func read(_ reader: inout SettingReader, words: [String]) -> RoutePlan? {
        let handler = HandlerPlan.read(&reader, words: words)
        let origin = OriginPlan.read(&reader)
        let hosts = reader.list(.host, check: AccessNames.host)
        let subprotocols = reader.list(.subprotocol, check: AccessNames.subprotocol)
        let subprotocolRequired = reader.flag(.requireSubprotocol)
        if subprotocolRequired, subprotocols.isEmpty {
            reader.report(
                .requireSubprotocol, "there is no subprotocol to require",
                remedy: "name one with --subprotocol")
        }
        let limits = SessionLimits.read(&reader)
        guard let handler else { return nil }
        return RoutePlan(
            name: "/", handler: handler, origin: origin, hosts: hosts, subprotocols: subprotocols,
            subprotocolRequired: subprotocolRequired, limits: limits)
    }
}

extension OriginPlan {
    static func read(_ reader: inout SettingReader) -> OriginPlan {
        let names = reader.list(.origin, check: AccessNames.origin)
        if names.contains("any") {
            if names.count > 1 {
                reader.report(
                    .origin, "any leaves nothing to list", remedy: "write any alone, or only the list")
            } else {
                reader.report(
                    .origin, "every web page in a visitor's browser may connect",
                    remedy: "list the origins that should", severity: .warning)
            }
            return .any
        }
        let listed = names.filter { $0 != "same" }
        return listed.isEmpty ? .same : .listed(listed, andSame: names.contains("same"))
    }
}
