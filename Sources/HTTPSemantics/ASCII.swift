// Byte classes of RFC 9110 and RFC 3986. They work on bytes and never on `Character`, because Swift joins CR
// and LF into one character and compares strings by canonical equivalence: both are wrong for a protocol.
// What is asked of each byte of a head is inlinable, so that parsers in other modules call nothing for it.

extension UInt8 {
    /// The lower-case form of an ASCII letter; every other byte as it is.
    @inlinable public var asciiLowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    @inlinable public var isASCIIDigit: Bool {
        self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9")
    }

    @inlinable public var isASCIILetter: Bool {
        let lowercased = self | 0x20
        return lowercased >= UInt8(ascii: "a") && lowercased <= UInt8(ascii: "z")
    }

    /// `tchar` of RFC 9110 section 5.6.2: what methods, field names and subprotocol names are made of.
    @inlinable public var isTokenCharacter: Bool {
        guard self < 0x80 else { return false }
        let characters = self < 0x40 ? Self.tokenCharactersBelow64 : Self.tokenCharactersFrom64
        return characters &>> UInt64(self & 0x3F) & 1 == 1
    }

    /// A bit a character: digits and ``!#$%&'*+-.``
    @inlinable static var tokenCharactersBelow64: UInt64 { 0x03FF_6CFA_0000_0000 }
    /// Letters and ``^_`|~``
    @inlinable static var tokenCharactersFrom64: UInt64 { 0x57FF_FFFF_C7FF_FFFE }

    /// What may stand in a field value: visible ASCII, bytes from 0x80 up (`obs-text`), space and tab.
    @inlinable public var isFieldContent: Bool {
        (self >= 0x20 && self != 0x7F) || self == 0x09
    }

    /// Space or tab, the optional white space around field values and list elements.
    @inlinable public var isOptionalWhitespace: Bool {
        self == 0x20 || self == 0x09
    }

    /// Carriage return, line feed or NUL: what would end a line of a head early.
    var breaksLines: Bool { self <= 0x0D && (self == 0x0D || self == 0x0A || self == 0) }

    /// The value of a hexadecimal digit.
    @inlinable public var hexDigitValue: UInt8? {
        if self.isASCIIDigit { return self - UInt8(ascii: "0") }
        let lowercased = self | 0x20
        guard lowercased >= UInt8(ascii: "a"), lowercased <= UInt8(ascii: "f") else { return nil }
        return lowercased - UInt8(ascii: "a") + 10
    }
}

// Over spans and not over collections: generic code is not specialized in other modules, and a head is read byte by
// byte.
extension Span<UInt8> {
    /// True exactly when this is a `token`: at least one character, all of them token characters.
    package var isToken: Bool {
        !self.isEmpty && self.allSatisfy(\.isTokenCharacter)
    }

    @inline(__always)
    package func allSatisfy(_ isFine: (UInt8) -> Bool) -> Bool {
        for index in self.indices where !isFine(self[index]) { return false }
        return true
    }

    /// Byte for byte the same.
    package func isSame(as other: Span<UInt8>) -> Bool {
        guard self.count == other.count else { return false }
        for index in self.indices where self[index] != other[index] { return false }
        return true
    }

    package func equalsIgnoringCase(_ other: String) -> Bool {
        self.equalsIgnoringCase(other.utf8.span)
    }

    /// Whether the bytes begin with `prefix`, in whatever case.
    package func startsIgnoringCase(with prefix: String) -> Bool {
        let prefix = prefix.utf8.span
        return self.count >= prefix.count && self.extracting(0..<prefix.count).equalsIgnoringCase(prefix)
    }

    /// The number that these digits are; nil when anything else is among them, or none, or too many.
    package var decimal: Int? {
        guard !self.isEmpty else { return nil }
        var number = 0
        for index in self.indices {
            guard self[index].isASCIIDigit else { return nil }
            let (product, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = product.addingReportingOverflow(Int(self[index] - UInt8(ascii: "0")))
            guard !overflows, !overflowsToo else { return nil }
            number = sum
        }
        return number
    }

    /// `range` without spaces and tabs at either end.
    package func trimmingOptionalWhitespace(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start].isOptionalWhitespace { start += 1 }
        while end > start, self[end - 1].isOptionalWhitespace { end -= 1 }
        return start..<end
    }

    @inlinable public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        precondition(start >= 0)
        var index = start
        while index < self.count {
            if self[index] == byte { return index }
            index &+= 1
        }
        return nil
    }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    package var string: String {
        if let text = try? UTF8Span(validating: self) { return String(copying: text) }
        return String(decoding: self.copied, as: UTF8.self)
    }
}
