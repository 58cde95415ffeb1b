// Heads are read, compared and copied here: each byte of each request and answer. Slow safe twins are in the tests.
extension Span<UInt8> {
    /// Where the first byte from `start` to `end` is that may stand in no field (`isFieldContent`); `end`: nowhere.
    package func fieldContentEnd(from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && start <= end && end <= self.count)
        return unsafe self.withUnsafeBytes { bytes in
            var index = start
            while end &- index >= 8 {
                let word = unsafe Self.word(bytes, at: index)
                let suspects = Self.suspects(word)
                guard suspects != 0 else {
                    index &+= 8
                    continue
                }
                index &+= suspects.trailingZeroBitCount &>> 3
                guard unsafe bytes[index].isFieldContent else { return index }
                // A tab.
                index &+= 1
            }
            while unsafe index < end && bytes[index].isFieldContent { index &+= 1 }
            return index
        }
    }

    /// The top bit of each byte below 0x20 and of each 0x7F. The lowest that is set is right; those above it need not
    /// be, for a subtraction borrows from the byte above.
    private static func suspects(_ word: UInt64) -> UInt64 {
        let below = (word &- 0x20 &* Self.lowBits) & ~word
        let differs = word ^ 0x7F &* Self.lowBits
        let deletes = (differs &- Self.lowBits) & ~differs
        return (below | deletes) & Self.topBits
    }

    /// Where the first byte from `start` to `end` is that is no token character; `end`: nowhere.
    package func tokenEnd(from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && start <= end && end <= self.count)
        return unsafe self.withUnsafeBytes { bytes in
            var index = start
            while end &- index >= 8 {
                let word = unsafe Self.word(bytes, at: index)
                // Names are letters and hyphens, nearly all of them.
                let others = ~(Self.letters(word | Self.caseBits) | Self.hyphens(word)) & Self.topBits
                guard others != 0 else {
                    index &+= 8
                    continue
                }
                index &+= others.trailingZeroBitCount &>> 3
                guard unsafe bytes[index].isTokenCharacter else { return index }
                index &+= 1
            }
            while unsafe index < end && bytes[index].isTokenCharacter { index &+= 1 }
            return index
        }
    }

    /// Byte for byte the same, but for the case of ASCII letters.
    package func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        guard self.count == other.count else { return false }
        return unsafe self.withUnsafeBytes { one in
            unsafe other.withUnsafeBytes { two in
                guard one.count >= 8 else { return unsafe Self.isSame(Self.shortWord(one), Self.shortWord(two)) }
                // The last word may lie over the one before.
                let last = one.count &- 8
                var index = 0
                while index < last {
                    guard unsafe Self.isSame(Self.word(one, at: index), Self.word(two, at: index)) else { return false }
                    index &+= 8
                }
                return unsafe Self.isSame(Self.word(one, at: last), Self.word(two, at: last))
            }
        }
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Less than eight bytes, of which some may be there twice.
    @inline(__always)
    private static func shortWord(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        if count >= 4 {
            let first = unsafe bytes.loadUnaligned(as: UInt32.self)
            let last = unsafe bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            return UInt64(first) | UInt64(last) << 32
        }
        guard count > 0 else { return 0 }
        return unsafe UInt64(bytes[0]) | UInt64(bytes[count &>> 1]) << 8 | UInt64(bytes[count &- 1]) << 16
    }

    /// Eight bytes at once: they may differ in the bit of the case alone, and there only where letters are.
    @inline(__always)
    private static func isSame(_ one: UInt64, _ other: UInt64) -> Bool {
        let differs = one ^ other
        return differs == 0
            || differs & ~Self.caseBits == 0 && differs &<< 2 & ~Self.letters(one | Self.caseBits) == 0
    }

    private static var lowBits: UInt64 { 0x0101_0101_0101_0101 }
    private static var caseBits: UInt64 { 0x2020_2020_2020_2020 }
    private static var topBits: UInt64 { 0x8080_8080_8080_8080 }

    /// The top bit of each byte that is a letter in lower case.
    @inline(__always)
    private static func letters(_ word: UInt64) -> UInt64 {
        let low = word & ~Self.topBits
        let (from, beyond) = (low &+ (0x80 - 0x61) &* Self.lowBits, low &+ (0x7F - 0x7A) &* Self.lowBits)
        return from & ~beyond & ~word & Self.topBits
    }

    /// The top bit of each byte that is a hyphen.
    @inline(__always)
    private static func hyphens(_ word: UInt64) -> UInt64 {
        let differs = word ^ 0x2D &* Self.lowBits
        return ~((differs & ~Self.topBits &+ 0x7F &* Self.lowBits) | differs) & Self.topBits
    }

    /// The bytes in an array of their own, for what outlives the caller's buffer.
    package var copied: [UInt8] { unsafe self.withUnsafeBufferPointer { unsafe Array($0) } }
}

extension [UInt8] {
    /// `append(contentsOf:)` of a buffer asks it for its parts, and takes three times as long.
    package mutating func append(copying bytes: Span<UInt8>) {
        self.append(addingCapacity: bytes.count) { output in
            unsafe output.withUnsafeMutableBufferPointer { free, count in
                unsafe bytes.withUnsafeBufferPointer { source in
                    _ = unsafe free.initialize(fromContentsOf: source)
                    count = source.count
                }
            }
        }
    }

    /// By its bytes at once, which a view of them does not do.
    package mutating func append(copying text: String) { self.append(copying: text.utf8.span) }
}
