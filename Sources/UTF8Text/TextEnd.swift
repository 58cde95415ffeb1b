// Every byte of text is looked at here, of clients and of programs alike, so whole words are, without bounds checks but
// those of the words. Its slow safe twin is in the tests.
extension Span<UInt8> {
    /// How far from `start` on these bytes are whole characters of UTF-8 (Unicode 15, table 3-7): `count`, or where a
    /// character stands that is wrong or cut off.
    public func textEnd(from start: Int = 0) -> Int {
        precondition(start >= 0 && start <= self.count)
        return unsafe self.withUnsafeBytes { bytes in
            var index = start
            while bytes.count &- index >= 8 {
                let word = unsafe Self.word(bytes, at: index)
                let others = word & Self.topBits
                guard others != 0 else {
                    index = unsafe Self.asciiWordsEnd(bytes, from: index &+ 8)
                    continue
                }
                let ascii = others.trailingZeroBitCount &>> 3
                index &+= ascii
                // The character may have bytes beyond the word: then it begins the next one.
                guard ascii <= 4 else { continue }
                let count = Self.characterCount(UInt32(truncatingIfNeeded: word &>> UInt64(8 &* ascii)))
                guard count > 0 else { return index }
                index &+= count
            }
            while index < bytes.count {
                guard unsafe bytes[index] >= 0x80 else {
                    index &+= 1
                    continue
                }
                let count = unsafe Self.characterCount(Self.lastWord(bytes, from: index))
                guard count > 0 else { return index }
                index &+= count
            }
            return index
        }
    }

    private static var topBits: UInt64 { 0x8080_8080_8080_8080 }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Skips ASCII four words at a time.
    @inline(__always)
    private static func asciiWordsEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while bytes.count &- index >= 32 {
            let first = unsafe Self.word(bytes, at: index) | Self.word(bytes, at: index &+ 8)
            let second = unsafe Self.word(bytes, at: index &+ 16) | Self.word(bytes, at: index &+ 24)
            guard (first | second) & Self.topBits == 0 else { break }
            index &+= 32
        }
        return index
    }

    /// The last bytes, at most four of them; what is missing is zero, which goes on with no character.
    @inline(__always)
    private static func lastWord(_ bytes: UnsafeRawBufferPointer, from start: Int) -> UInt32 {
        var word: UInt32 = 0
        for place in 0..<Swift.min(4, bytes.count &- start) {
            word |= unsafe UInt32(bytes[start &+ place]) &<< UInt32(8 &* place)
        }
        return word
    }

    /// How many bytes the character beyond ASCII has with which `word` begins, its first byte the lowest; 0 when it is
    /// none.
    ///
    /// What the first byte leaves open is overlong, a surrogate, or beyond U+10FFFF in the highest bits of the second.
    @inline(__always)
    private static func characterCount(_ word: UInt32) -> Int {
        if word & 0xC0E0 == 0x80C0 { return word & 0x1E == 0 ? 0 : 2 }
        if word & 0xC0_C0F0 == 0x80_80E0 {
            let open = word & 0x200F
            return open == 0 || open == 0x200D ? 0 : 3
        }
        guard word & 0xC0C0_C0F8 == 0x8080_80F0 else { return 0 }
        // U+10000 is 1 here, and what is beyond U+10FFFF 17 and more.
        let plane = (word & 7) &<< 2 | (word &>> 12) & 3
        return plane &- 1 < 16 ? 4 : 0
    }
}
