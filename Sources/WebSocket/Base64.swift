/// Base64 of RFC 4648 section 4, with padding.
package enum Base64 {
    private static let padding = UInt8(ascii: "=")

    package static func encode(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.append(addingCapacity: (bytes.count + 2) / 3 * 4) { output in
            for group in 0..<bytes.count / 3 {
                let three = bytes.extracting(3 * group..<3 * group + 3)
                let bits = UInt32(three[0]) << 16 | UInt32(three[1]) << 8 | UInt32(three[2])
                for index in 0..<4 { output.append(Self.character(bits, index)) }
            }
            let rest = bytes.count % 3
            guard rest > 0 else { return }
            let first = UInt32(bytes[bytes.count - rest]) << 16
            let bits = rest == 1 ? first : first | UInt32(bytes[bytes.count - 1]) << 8
            for index in 0..<4 { output.append(index <= rest ? Self.character(bits, index) : Self.padding) }
        }
        return text
    }

    /// How many bytes `text` stands for; nil when it is not base64 in full groups of four.
    ///
    /// Bits that the padding leaves over may be set, as Go and Node.js allow it: clients have sent such keys
    /// for years.
    package static func decodedCount(_ text: Span<UInt8>) -> Int? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var digits = text.count
        while digits > 0, text.count - digits < 2, text[digits - 1] == Self.padding { digits -= 1 }
        for index in 0..<digits where !Self.isDigit(text[index]) { return nil }
        return digits * 6 / 8
    }

    /// The character at `index` of the four for 24 bits. They are runs of ASCII, each moved by another distance.
    @inline(__always)
    private static func character(_ bits: UInt32, _ index: Int) -> UInt8 {
        let digit = UInt8(truncatingIfNeeded: bits &>> (18 - 6 * UInt32(truncatingIfNeeded: index)) & 0x3F)
        var distance = UInt8(ascii: "A")
        if digit >= 26 { distance = UInt8(ascii: "a") - 26 }
        if digit >= 52 { distance = UInt8(ascii: "0") &- 52 }
        if digit == 62 { distance = UInt8(ascii: "+") &- 62 }
        if digit == 63 { distance = UInt8(ascii: "/") &- 63 }
        return digit &+ distance
    }

    private static func isDigit(_ character: UInt8) -> Bool {
        guard character < 0x80 else { return false }
        let digits = character < 0x40 ? Self.digitsBelow64 : Self.digitsFrom64
        return digits &>> UInt64(character & 0x3F) & 1 == 1
    }

    /// A bit a character: `+`, `/` and 0 to 9.
    private static var digitsBelow64: UInt64 { 0x03FF_8800_0000_0000 }
    /// Letters.
    private static var digitsFrom64: UInt64 { 0x07FF_FFFE_07FF_FFFE }
}
