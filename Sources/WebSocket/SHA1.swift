/// SHA-1 of RFC 3174.
///
/// Broken as a signature, and not used as one: RFC 6455 wants it to prove that the server has read the key.
package enum SHA1 {
    package static let digestBytes = 20
    private static let blockBytes = 64

    package static func digest(of message: Span<UInt8>) -> InlineArray<20, UInt8> {
        var state = State()
        // Behind the message there is room for one byte and the length in bits.
        let blocks = (message.count + 8) / Self.blockBytes + 1
        for block in 0..<blocks {
            var words = Words(repeating: 0)
            for index in 0..<16 { words[index] = Self.word(message, at: block * Self.blockBytes + 4 * index) }
            if block == blocks - 1 {
                let bitCount = UInt64(message.count) &* 8
                words[14] = UInt32(truncatingIfNeeded: bitCount >> 32)
                words[15] = UInt32(truncatingIfNeeded: bitCount)
            }
            state.mix(&words)
        }
        return state.bytes
    }

    /// The sixteen words of a block and the sixty-four that follow from them.
    private typealias Words = InlineArray<80, UInt32>

    /// Four bytes of the message; behind it come one set bit and zeros.
    @inline(__always)
    private static func word(_ message: Span<UInt8>, at index: Int) -> UInt32 {
        if index <= message.count - 4 {
            let four = message.extracting(index..<index + 4)
            return UInt32(four[0]) << 24 | UInt32(four[1]) << 16 | UInt32(four[2]) << 8 | UInt32(four[3])
        }
        guard index <= message.count else { return 0 }
        var word: UInt32 = 0
        for place in index..<message.count { word = word << 8 | UInt32(message[place]) }
        let missing = UInt32(index + 4 - message.count)
        return (word << 8 | 0x80) << (8 * (missing - 1))
    }

    private struct State {
        var a: UInt32 = 0x6745_2301
        var b: UInt32 = 0xEFCD_AB89
        var c: UInt32 = 0x98BA_DCFE
        var d: UInt32 = 0x1032_5476
        var e: UInt32 = 0xC3D2_E1F0

        /// Takes a block in.
        mutating func mix(_ words: inout Words) {
            for round in 16..<80 {
                let mixed = words[round - 3] ^ words[round - 8] ^ words[round - 14] ^ words[round - 16]
                words[round] = SHA1.rotateLeft(mixed, by: 1)
            }
            var next = self
            let words = words.span
            for five in 0..<4 { next.mixFive(words, from: 5 * five, 0x5A82_7999) { $2 ^ ($0 & ($1 ^ $2)) } }
            for five in 4..<8 { next.mixFive(words, from: 5 * five, 0x6ED9_EBA1) { $0 ^ $1 ^ $2 } }
            for five in 8..<12 { next.mixFive(words, from: 5 * five, 0x8F1B_BCDC) { ($0 & $1) | ($2 & ($0 | $1)) } }
            for five in 12..<16 { next.mixFive(words, from: 5 * five, 0xCA62_C1D6) { $0 ^ $1 ^ $2 } }
            self.a &+= next.a
            self.b &+= next.b
            self.c &+= next.c
            self.d &+= next.d
            self.e &+= next.e
        }

        /// Five rounds, behind which each of the five is where it was: nothing is moved around.
        @inline(__always)
        private mutating func mixFive(
            _ words: Span<UInt32>, from round: Int, _ constant: UInt32,
            _ function: (UInt32, UInt32, UInt32) -> UInt32
        ) {
            self.e &+= Self.sum(self.a, function(self.b, self.c, self.d), constant, words[round])
            self.b = SHA1.rotateLeft(self.b, by: 30)
            self.d &+= Self.sum(self.e, function(self.a, self.b, self.c), constant, words[round + 1])
            self.a = SHA1.rotateLeft(self.a, by: 30)
            self.c &+= Self.sum(self.d, function(self.e, self.a, self.b), constant, words[round + 2])
            self.e = SHA1.rotateLeft(self.e, by: 30)
            self.b &+= Self.sum(self.c, function(self.d, self.e, self.a), constant, words[round + 3])
            self.d = SHA1.rotateLeft(self.d, by: 30)
            self.a &+= Self.sum(self.b, function(self.c, self.d, self.e), constant, words[round + 4])
            self.c = SHA1.rotateLeft(self.c, by: 30)
        }

        @inline(__always)
        private static func sum(_ turned: UInt32, _ mixed: UInt32, _ constant: UInt32, _ word: UInt32) -> UInt32 {
            SHA1.rotateLeft(turned, by: 5) &+ mixed &+ constant &+ word
        }

        /// Big-endian.
        var bytes: InlineArray<20, UInt8> {
            let words: InlineArray<5, UInt32> = [self.a, self.b, self.c, self.d, self.e]
            var bytes = InlineArray<20, UInt8>(repeating: 0)
            for index in 0..<5 {
                bytes[4 * index] = UInt8(truncatingIfNeeded: words[index] >> 24)
                bytes[4 * index + 1] = UInt8(truncatingIfNeeded: words[index] >> 16)
                bytes[4 * index + 2] = UInt8(truncatingIfNeeded: words[index] >> 8)
                bytes[4 * index + 3] = UInt8(truncatingIfNeeded: words[index])
            }
            return bytes
        }
    }

    @inline(__always)
    private static func rotateLeft(_ word: UInt32, by count: UInt32) -> UInt32 {
        word &<< count | word &>> (32 - count)
    }
}
