/// Addresses as text, read strictly: what one reader takes for an address and another for none is a way around rules.
enum AddressText {
    /// Decimal digits without a zero in front.
    static func number(_ text: ArraySlice<UInt8>, max: Int) -> Int? {
        guard let first = text.first, text.count == 1 || first != UInt8(ascii: "0"), text.count <= 5 else { return nil }
        var value = 0
        for byte in text {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value <= max ? value : nil
    }

    /// Four numbers with dots between them.
    static func ipv4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let number = Self.number(part, max: 255) else { return nil }
            address = address << 8 | UInt32(number)
        }
        return address
    }

    /// RFC 4291 section 2.2: groups of hexadecimal digits, `::` once, an IPv4 address in place of the last two.
    static func ipv6(_ text: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64)? {
        guard let gap = Self.gap(text) else {
            guard let groups = Self.groups(text), groups.count == 8 else { return nil }
            return Self.words(groups)
        }
        guard let front = Self.groups(text[..<gap], mayEndInIPv4: false), let back = Self.groups(text[(gap + 2)...]),
            front.count + back.count <= 7
        else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - front.count - back.count)
        return Self.words(front + zeros + back)
    }

    /// Where the first `::` begins; a second one leaves an empty group behind, which is refused.
    private static func gap(_ text: ArraySlice<UInt8>) -> Int? {
        text.indices.dropLast().first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
    }

    private static func groups(_ text: ArraySlice<UInt8>, mayEndInIPv4: Bool = true) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        var tail: [UInt16] = []
        if mayEndInIPv4, let last = parts.last, last.contains(UInt8(ascii: ".")) {
            guard let address = Self.ipv4(last) else { return nil }
            tail = [UInt16(truncatingIfNeeded: address >> 16), UInt16(truncatingIfNeeded: address)]
            parts.removeLast()
        }
        for part in parts {
            guard let group = Self.hexadecimal(part) else { return nil }
            groups.append(group)
        }
        return groups + tail
    }

    private static func hexadecimal(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        var value: UInt16 = 0
        for byte in text {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            case _: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    private static func words(_ groups: [UInt16]) -> (high: UInt64, low: UInt64) {
        let high = groups[..<4].reduce(0 as UInt64) { $0 << 16 | UInt64($1) }
        let low = groups[4...].reduce(0 as UInt64) { $0 << 16 | UInt64($1) }
        return (high, low)
    }
}
