package import Configuration

/// What `wsbridge status` was asked to show.
package struct StatusRequest: Sendable, Equatable {
    package let address: ListenAddress
    package let wantsJSON: Bool

    /// - Parameter text: `ADDR:PORT`, `unix:PATH`, or the URL that the server printed; nil means the standard address.
    init(_ text: String?, wantsJSON: Bool) throws(ValueFault) {
        self.wantsJSON = wantsJSON
        self.address = try text.map(Self.address) ?? .metricsStandard
        if case .tcp(_, port: 0) = self.address {
            throw ValueFault("has port 0, which is none", remedy: "write the port that the server printed")
        }
    }

    private static func address(_ text: String) throws(ValueFault) -> ListenAddress {
        if text.hasPrefix("https://") {
            throw ValueFault(
                "begins with https://, but metrics come over plain HTTP",
                remedy: "write http:// or the address alone")
        }
        guard text.hasPrefix("http://") else { return try ListenAddress(parsing: text) }
        let rest = text.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard ["", "/", "/metrics"].contains(path) else {
            throw ValueFault("has another path than /metrics", remedy: "write \(text.dropLast(path.count))/metrics")
        }
        return try ListenAddress(parsing: authority.contains(":") ? String(authority) : "\(authority):80")
    }
}
