internal import Routing

extension RoutePlan {
    static func read(_ reader: inout SettingReader, _ draft: RouteDraft) -> RoutePlan? {
        let match = RouteMatch(
            hosts: reader.list(key: .host), path: reader.value(key: .path) ?? RouteMatch.everything.path)
        // Else a path that could not be read would seem to take every request.
        let isMatchClear = reader.diagnostics.isEmpty
        let name = reader.value(key: .name, as: RouteName.self)?.text
        let given = HandlerPlan.read(&reader, draft)
        let files = FilesPlan.read(&reader)
        // An application behind a proxy decides itself, and gets Origin and Host unchanged.
        let leavesOrigin = given?.isProxy ?? false && !reader.isGiven(.origin)
        let origin = leavesOrigin ? .any : OriginPlan.read(&reader)
        let subprotocols = Self.subprotocols(&reader, given)
        let subprotocolRequired = reader.flag(.requireSubprotocol)
        if subprotocolRequired, subprotocols.isEmpty, given?.agreesToSubprotocols ?? true {
            reader.report(
                .requireSubprotocol, "there is no subprotocol to require\(reader.heir(of: .requireSubprotocol))",
                remedy: "name one with --subprotocol")
        }
        let limits = SessionLimits.read(&reader)
        let handler = given?.bounded(by: reader.isGiven(.maxMessageSize) ? limits.messageSizeMax : nil)
        guard let handler, isMatchClear else { return nil }
        Self.checkCaptures(match.path, handler, &reader)
        return RoutePlan(
            name: name ?? draft.standardName ?? match.name, match: match, handler: handler, files: files,
            origin: origin, subprotocols: subprotocols, subprotocolRequired: subprotocolRequired, limits: limits)
    }

    /// What is listed, and for servers what their clients ask for if nothing is.
    private static func subprotocols(_ reader: inout SettingReader, _ handler: HandlerPlan?) -> [String] {
        let listed = reader.list(.subprotocol, check: AccessNames.subprotocol)
        guard case .upstream? = handler, !reader.isGiven(.subprotocol) else { return listed }
        return UpstreamPlan.subprotocolsStandard
    }

    /// What the client wrote must not seem to be what the operator wrote, nor the other way round.
    private static func checkCaptures(_ path: PathPattern, _ handler: HandlerPlan, _ reader: inout SettingReader) {
        guard case .command(let command) = handler else { return }
        for name in path.captureNames {
            let variable = PathPattern.variable(ofCapture: name)
            guard command.environment.contains(where: { $0.name == variable }) else { continue }
            reader.report(
                key: .path, "{\(name)} becomes \(variable), which --env sets too",
                remedy: "give the capture or the variable another name")
        }
    }
}

extension HandlerPlan {
    /// Messages through a proxy are bounded only where somebody says so.
    fileprivate func bounded(by size: ByteCount?) -> HandlerPlan {
        guard case .proxy(var proxy) = self else { return self }
        proxy.messageSizeMax = size
        return .proxy(proxy)
    }

    /// Others leave them to the server, or take no WebSockets.
    var agreesToSubprotocols: Bool {
        switch self {
        case .echo, .command, .upstream: true
        case .proxy, .filesOnly: false
        }
    }

    fileprivate var isProxy: Bool {
        switch self {
        case .proxy: true
        case .echo, .command, .upstream, .filesOnly: false
        }
    }
}

extension RouteDraft {
    /// The one route of the command line is called by what clients ask for.
    fileprivate var standardName: String? {
        switch self.source {
        case .commandLine: "/"
        case .file: nil
        }
    }
}

/// What a route is called in logs and messages.
private struct RouteName: OptionValue {
    let text: String
    private static let bytesMax = 64

    init(parsing text: String) throws(ValueFault) {
        guard !text.isEmpty, text.utf8.count <= Self.bytesMax, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw ValueFault("not a name", remedy: "write from 1 to \(Self.bytesMax) printable bytes")
        }
        self.text = text
    }

    var description: String { self.text }
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
