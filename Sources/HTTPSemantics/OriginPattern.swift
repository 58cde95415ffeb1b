/// One entry of an origin list: an exact host, with scheme and port where they were written.
///
///     app.example              any scheme, any port
///     app.example:8443         any scheme, this port
///     https://app.example      exactly what a browser sends for the default port
///     https://app.example:8443
package struct OriginPattern: Hashable, Sendable {
    package let scheme: String?
    package let host: String
    /// nil means any port.
    package let port: UInt16?

    package init(parsing text: String) throws(OriginPatternError) {
        if text.isEmpty { throw .empty }
        if text == "null" { throw .nullOrigin }
        if text.utf8.contains(UInt8(ascii: "*")) { throw .wildcard }
        let split = Origin.splitScheme(text)
        let rest = split?.rest ?? text[...]
        if rest.utf8.contains(UInt8(ascii: "/")) { throw .hasPath }
        guard let authority = Authority(rest.utf8.span) else { throw .malformed }
        self.scheme = split?.scheme
        self.host = authority.host
        self.port = split.map { authority.port(orDefaultOf: $0.scheme) } ?? authority.port
    }

    package func matches(_ origin: Origin) -> Bool {
        if let scheme = self.scheme, scheme != origin.scheme { return false }
        if let port = self.port, port != origin.port { return false }
        return self.host == origin.authority.host
    }
}

/// Why a text is no origin pattern.
package enum OriginPatternError: Error, Hashable, Sendable {
    case empty
    case nullOrigin
    case wildcard
    case hasPath
    case malformed
}

extension OriginPatternError {
    package var reason: String {
        switch self {
        case .empty: "an origin must not be empty"
        case .nullOrigin:
            "any page can send the origin null, so it cannot be allowed alone; \"any\" allows all"
        case .wildcard: "origins are exact: write out each host, or \"any\""
        case .hasPath: "an origin has no path: leave out everything from the first / behind the host"
        case .malformed: "an origin is host, host:port or scheme://host:port"
        }
    }
}
