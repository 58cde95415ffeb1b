/// Base64 of RFC 4648 section 4, with padding.
package enum Base64 {
    private static let padding = UInt8(ascii: "=")

    package static func encode(_ bytes: Span<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var start = 0
        while start < bytes.count {
            let count = min(3, bytes.count - start)
            var bits: UInt32 = 0
            for index in 0..<3 { bits = bits << 8 | (index < count ? UInt32(bytes[start + index]) : 0) }
            for index in 0...3 {
                let digit = UInt8(truncatingIfNeeded: bits >> (18 - 6 * UInt32(index)) & 0x3F)
                text.append(index <= count ? Self.character(of: digit) : Self.padding)
            }
            start += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// How many bytes `text` stands for; nil when it is not base64 in full groups of four.
    ///
    /// Bits that the padding leaves over may be set, as Go and Node.js allow it: clients have sent such keys
    /// for years.
    package static func decodedCount(_ text: Span<UInt8>) -> Int? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var digits = text.count
        while digits > 0, text.count - digits < 2, text[digits - 1] == Self.padding { digits -= 1 }
        for index in 0..<digits where Self.value(of: text[index]) == nil { return nil }
        return digits * 6 / 8
    }

    private static func character(of digit: UInt8) -> UInt8 {
        switch digit {
        case 0..<26: UInt8(ascii: "A") + digit
        case 26..<52: UInt8(ascii: "a") + (digit - 26)
        case 52..<62: UInt8(ascii: "0") + (digit - 52)
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
