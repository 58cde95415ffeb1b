/// `host`, `host:port` or `[v6]:port`: whom a client believes to talk to.
package struct Authority: Hashable, Sendable {
    /// Lower case; an IPv6 address without its brackets.
    package let host: String
    /// nil when none was written: the scheme's default then holds.
    package let port: UInt16?

    /// Nil when `text` is not an authority.
    ///
    /// Stricter than RFC 3986: no user information, no percent-encoding, no sub-delimiters. No name that
    /// resolves has them, and each of them has split a router from its upstream somewhere.
    package init?(_ text: some Collection<UInt8>) {
        let isBracketed = text.first == UInt8(ascii: "[")
        let separator = isBracketed ? UInt8(ascii: "]") : UInt8(ascii: ":")
        let hostEnd = text.firstIndex(of: separator) ?? text.endIndex
        var rest = text[hostEnd...]
        if isBracketed {
            let address = text[..<hostEnd].dropFirst()
            guard rest.first == UInt8(ascii: "]"), Authority.looksLikeIPv6(address) else { return nil }
            rest = rest.dropFirst()
            self.host = Authority.lowercased(address)
        } else {
            let name = text[..<hostEnd]
            guard !name.isEmpty, name.allSatisfy(Authority.isNameCharacter) else { return nil }
            self.host = Authority.lowercased(name)
        }
        switch Authority.parsePort(rest) {
        case .absent: self.port = nil
        case .number(let port): self.port = port
        case .malformed: return nil
        }
    }

    package init?(_ text: String) {
        self.init(text.utf8)
    }

    /// The port, or the one that a missing port means for `scheme`; nil when nobody knows.
    package func port(orDefaultOf scheme: String) -> UInt16? {
        if let port = self.port { return port }
        switch scheme {
        case "http", "ws": return 80
        case "https", "wss": return 443
        default: return nil
        }
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// The alphabet of an address and at least two colons; whether it is a real one shows when somebody
    /// connects to it.
    private static func looksLikeIPv6(_ address: some Collection<UInt8>) -> Bool {
        let colons = address.reduce(0) { $1 == UInt8(ascii: ":") ? $0 + 1 : $0 }
        return colons >= 2 && address.allSatisfy {
            $0.hexDigitValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
        }
    }

    /// What follows the host: nothing, or a colon and at most five digits. `host:` is allowed and means no
    /// port.
    private static func parsePort(_ text: some Collection<UInt8>) -> PortPart {
        let digits = text.dropFirst()
        guard let colon = text.first else { return .absent }
        guard colon == UInt8(ascii: ":"), digits.count <= 5, digits.allSatisfy(\.isASCIIDigit) else {
            return .malformed
        }
        if digits.isEmpty { return .absent }
        return UInt16(String(decoding: digits, as: UTF8.self)).map(PortPart.number) ?? .malformed
    }

    private enum PortPart {
        case absent, number(UInt16), malformed
    }

    private static func lowercased(_ text: some Collection<UInt8>) -> String {
        String(decoding: text.map(\.asciiLowercased), as: UTF8.self)
    }
}

extension Authority: CustomStringConvertible {
    package var description: String {
        let host = self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]" : self.host
        return self.port.map { "\(host):\($0)" } ?? host
    }
}
