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
    package init?(_ text: Span<UInt8>) {
        guard let first = text.isEmpty ? nil : text[0] else { return nil }
        let isBracketed = first == UInt8(ascii: "[")
        let separator = isBracketed ? UInt8(ascii: "]") : UInt8(ascii: ":")
        let hostEnd = text.firstIndex(of: separator) ?? text.count
        if isBracketed {
            let address = text.extracting(1..<max(1, hostEnd))
            guard hostEnd < text.count, Authority.looksLikeIPv6(address) else { return nil }
            self.host = Authority.lowercased(address)
        } else {
            let name = text.extracting(0..<hostEnd)
            guard !name.isEmpty, name.allSatisfy(Authority.isNameCharacter) else { return nil }
            self.host = Authority.lowercased(name)
        }
        switch Authority.parsePort(text, from: isBracketed ? hostEnd + 1 : hostEnd) {
        case .absent: self.port = nil
        case .number(let port): self.port = port
        case .malformed: return nil
        }
    }

    package init?(_ text: String) {
        self.init(text.utf8.span)
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
    private static func looksLikeIPv6(_ address: Span<UInt8>) -> Bool {
        var colons = 0
        for index in address.indices {
            let byte = address[index]
            if byte == UInt8(ascii: ":") { colons += 1 }
            guard byte.hexDigitValue != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") else {
                return false
            }
        }
        return colons >= 2
    }

    /// What follows the host: nothing, or a colon and at most five digits. `host:` is allowed and means no
    /// port.
    private static func parsePort(_ text: Span<UInt8>, from start: Int) -> PortPart {
        guard start < text.count else { return .absent }
        guard text[start] == UInt8(ascii: ":"), text.count - start <= 6 else { return .malformed }
        var number: UInt32 = 0
        for index in start + 1..<text.count {
            guard text[index].isASCIIDigit else { return .malformed }
            number = number * 10 + UInt32(text[index] - UInt8(ascii: "0"))
        }
        if start + 1 == text.count { return .absent }
        return UInt16(exactly: number).map(PortPart.number) ?? .malformed
    }

    private enum PortPart {
        case absent, number(UInt16), malformed
    }

    private static func lowercased(_ text: Span<UInt8>) -> String {
        var bytes = text.copied
        for index in bytes.indices { bytes[index] = bytes[index].asciiLowercased }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Authority: CustomStringConvertible {
    package var description: String {
        let host = self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]" : self.host
        return self.port.map { "\(host):\($0)" } ?? host
    }
}
