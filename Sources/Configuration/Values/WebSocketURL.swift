internal import Addresses

/// Where a client connects: `ws://host:port/path?query`, or `wss:`; `http:` and `https:` mean the same (RFC 3986, RFC
/// 6455 section 3).
package struct WebSocketURL: OptionValue, Hashable {
    package let isTLS: Bool
    /// Without brackets.
    package let host: String
    package let port: UInt16
    /// Path and query, as they go on the wire.
    package let target: String

    private static let remedy = "write ws://127.0.0.1:8080/, or wss://example.org/path?query"
    /// More than servers take in a request line.
    private static let bytesMax = 8192

    package init(parsing text: String) throws(ValueFault) {
        guard text.utf8.count <= Self.bytesMax, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ValueFault(
                "has characters that a URL has not, or too many of them", remedy: "write others as %20 or %C3%BC")
        }
        guard let colon = text.firstRange(of: "://") else {
            throw ValueFault("has no scheme", remedy: Self.remedy)
        }
        switch text[..<colon.lowerBound].lowercased() {
        case "ws", "http": self.isTLS = false
        case "wss", "https": self.isTLS = true
        case let scheme: throw ValueFault("has the unknown scheme \(scheme)", remedy: Self.remedy)
        }
        let rest = text[colon.upperBound...]
        guard !rest.contains("#") else {
            throw ValueFault("has a fragment, which WebSockets know nothing of", remedy: "leave out what begins with #")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else {
            throw ValueFault("names a user", remedy: "use --header 'Authorization: Basic …'")
        }
        let target = rest[authority.endIndex...]
        self.target = target.hasPrefix("/") ? String(target) : "/\(target)"
        (self.host, self.port) = try Self.split(authority, standardPort: self.isTLS ? 443 : 80)
    }

    private static func split(
        _ authority: Substring, standardPort: UInt16
    ) throws(ValueFault) -> (host: String, port: UInt16) {
        var host = authority
        var port = standardPort
        let isBracketed = authority.hasPrefix("[")
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            let digits = authority[authority.index(after: colon)...]
            guard digits.allSatisfy({ $0 >= "0" && $0 <= "9" }), let number = UInt16(digits), number > 0 else {
                throw ValueFault("has no port from 1 to 65535", remedy: Self.remedy)
            }
            (host, port) = (authority[..<colon], number)
        }
        if isBracketed {
            guard host.hasSuffix("]"), IPAddress(version6: host.dropFirst().dropLast()) != nil else {
                throw ValueFault("has no IPv6 address in its brackets", remedy: Self.remedy)
            }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw ValueFault("has several colons", remedy: "an IPv6 address stands in brackets: ws://[::1]:8080/")
        }
        guard !host.isEmpty else { throw ValueFault("has no host", remedy: Self.remedy) }
        return (String(host), port)
    }

    /// What the Host field says: the port only where the scheme does not imply it.
    package var authority: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return self.port == (self.isTLS ? 443 : 80) ? host : "\(host):\(self.port)"
    }

    package var description: String { "\(self.isTLS ? "wss" : "ws")://\(self.authority)\(self.target)" }
}
