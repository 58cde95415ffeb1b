// Byte classes of RFC 9110 and RFC 3986. They work on bytes and never on `Character`, because Swift joins CR
// and LF into one character and compares strings by canonical equivalence: both are wrong for a protocol.

extension UInt8 {
    /// The lower-case form of an ASCII letter; every other byte as it is.
    package var asciiLowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    package var isASCIIDigit: Bool {
        self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9")
    }

    package var isASCIILetter: Bool {
        let lowercased = self | 0x20
        return lowercased >= UInt8(ascii: "a") && lowercased <= UInt8(ascii: "z")
    }

    /// `tchar` of RFC 9110 section 5.6.2: what methods, field names and subprotocol names are made of.
    package var isTokenCharacter: Bool {
        if self.isASCIILetter || self.isASCIIDigit { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            return true
        default:
            return false
        }
    }

    /// What may stand in a field value: visible ASCII, bytes from 0x80 up (`obs-text`), space and tab.
    package var isFieldContent: Bool {
        (self >= 0x20 && self != 0x7F) || self == 0x09
    }

    /// Space or tab, the optional white space around field values and list elements.
    package var isOptionalWhitespace: Bool {
        self == 0x20 || self == 0x09
    }

    /// The value of a hexadecimal digit.
    package var hexDigitValue: UInt8? {
        if self.isASCIIDigit { return self - UInt8(ascii: "0") }
        let lowercased = self | 0x20
        guard lowercased >= UInt8(ascii: "a"), lowercased <= UInt8(ascii: "f") else { return nil }
        return lowercased - UInt8(ascii: "a") + 10
    }
}

extension Collection where Element == UInt8 {
    /// True exactly when this is a `token`: at least one character, all of them token characters.
    package var isToken: Bool {
        !self.isEmpty && self.allSatisfy(\.isTokenCharacter)
    }

    /// Byte for byte the same, but for the case of ASCII letters.
    package func equalsIgnoringCase(_ other: some Collection<UInt8>) -> Bool {
        self.elementsEqual(other) { $0.asciiLowercased == $1.asciiLowercased }
    }
}

extension BidirectionalCollection where Element == UInt8 {
    /// The part without spaces and tabs at either end.
    package var trimmingOptionalWhitespace: SubSequence {
        let withoutPrefix = self.drop(while: \.isOptionalWhitespace)
        guard let last = withoutPrefix.lastIndex(where: { !$0.isOptionalWhitespace }) else {
            return withoutPrefix[withoutPrefix.endIndex..<withoutPrefix.endIndex]
        }
        return withoutPrefix[...last]
    }
}
