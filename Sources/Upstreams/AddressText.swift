/// Whether a text is a numeric address, read strictly: what connects later must not take a typing mistake for a name.
enum AddressText {
    /// Four decimal numbers up to 255 with dots between them, without zeros in front.
    static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.allSatisfy(\.isDigit) else { return false }
                guard part.count == 1 || part.first != UInt8(ascii: "0") else { return false }
                return part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
            }
    }

    /// RFC 4291 section 2.2: eight groups, `::` once in place of some, an IPv4 address in place of the last two.
    static func isIPv6(_ text: some StringProtocol) -> Bool {
        let text = String(text)
        var gap: String.Index?
        for index in text.indices where text[index...].hasPrefix("::") {
            guard gap == nil else { return false }
            gap = index
        }
        guard let gap else { return Self.groups(text[...], mayEndInIPv4: true) == 8 }
        let front = text[..<gap]
        let back = text[text.index(gap, offsetBy: 2)...]
        guard let before = Self.groups(front, mayEndInIPv4: false), let after = Self.groups(back, mayEndInIPv4: true)
        else { return false }
        return before + after <= 7
    }

    /// How many groups of 16 bits there are; nil: one of them is none.
    private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> Int? {
        guard !text.isEmpty else { return 0 }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var count = 0
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, Self.isIPv4(part) {
                count += 2
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexDigit) else { return nil }
                count += 1
            }
        }
        return count
    }
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    var isHexDigit: Bool { self.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
}
