/// SHA-1 of RFC 3174.
///
/// Broken as a signature, and not used as one: RFC 6455 wants it to prove that the server has read the key.
package enum SHA1 {
    package static let digestBytes = 20
    private static let blockBytes = 64

    package static func digest(of message: Span<UInt8>) -> [UInt8] {
        var state = State()
        var block = Words(repeating: 0)
        var index = 0
        while index < message.count {
            let position = index % Self.blockBytes
            if position % 4 == 0, index + 4 <= message.count {
                block[position / 4] = Self.word(message, at: index)
                index += 4
            } else {
                Self.put(message[index], into: &block, at: position)
                index += 1
            }
            if index % Self.blockBytes == 0 { state.mix(&block) }
        }
        Self.finish(&state, &block, byteCount: message.count)
        return state.bigEndianBytes
    }

    /// The sixteen words of a block and the sixty-four that follow from them.
    private typealias Words = InlineArray<80, UInt32>

    /// One set bit, zeros up to the last eight bytes of a block, and there the length in bits.
    private static func finish(_ state: inout State, _ block: inout Words, byteCount: Int) {
        let used = byteCount % Self.blockBytes
        Self.put(0x80, into: &block, at: used)
        if used >= Self.blockBytes - 8 { state.mix(&block) }
        let bitCount = UInt64(byteCount) &* 8
        block[14] = UInt32(truncatingIfNeeded: bitCount >> 32)
        block[15] = UInt32(truncatingIfNeeded: bitCount)
        state.mix(&block)
    }

    private static func word(_ message: Span<UInt8>, at index: Int) -> UInt32 {
        UInt32(message[index]) << 24 | UInt32(message[index + 1]) << 16
            | UInt32(message[index + 2]) << 8 | UInt32(message[index + 3])
    }

    /// Big-endian; the block is zero where nothing was put.
    private static func put(_ byte: UInt8, into block: inout Words, at index: Int) {
        block[index / 4] |= UInt32(byte) &<< UInt32(24 - 8 * (index % 4))
    }

    private struct State {
        var a: UInt32 = 0x6745_2301
        var b: UInt32 = 0xEFCD_AB89
        var c: UInt32 = 0x98BA_DCFE
        var d: UInt32 = 0x1032_5476
        var e: UInt32 = 0xC3D2_E1F0

        /// Takes a block in, and leaves it empty for the next.
        mutating func mix(_ words: inout Words) {
            let before = self
            for round in 16..<80 {
                let mixed = words[round - 3] ^ words[round - 8] ^ words[round - 14] ^ words[round - 16]
                words[round] = SHA1.rotateLeft(mixed, by: 1)
            }
            for round in 0..<20 {
                self.step(words[round], (self.b & self.c) | (~self.b & self.d), 0x5A82_7999)
            }
            for round in 20..<40 {
                self.step(words[round], self.b ^ self.c ^ self.d, 0x6ED9_EBA1)
            }
            for round in 40..<60 {
                self.step(words[round], (self.b & self.c) | (self.b & self.d) | (self.c & self.d), 0x8F1B_BCDC)
            }
            for round in 60..<80 {
                self.step(words[round], self.b ^ self.c ^ self.d, 0xCA62_C1D6)
            }
            self.a &+= before.a
            self.b &+= before.b
            self.c &+= before.c
            self.d &+= before.d
            self.e &+= before.e
            for index in 0..<16 { words[index] = 0 }
        }

        @inline(__always)
        private mutating func step(_ word: UInt32, _ function: UInt32, _ constant: UInt32) {
            let next = SHA1.rotateLeft(self.a, by: 5) &+ function &+ self.e &+ constant &+ word
            (self.a, self.b, self.c, self.d, self.e) = (next, self.a, SHA1.rotateLeft(self.b, by: 30), self.c, self.d)
        }

        var bigEndianBytes: [UInt8] {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(SHA1.digestBytes)
            Self.append(self.a, to: &bytes)
            Self.append(self.b, to: &bytes)
            Self.append(self.c, to: &bytes)
            Self.append(self.d, to: &bytes)
            Self.append(self.e, to: &bytes)
            return bytes
        }

        private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
            bytes.append(UInt8(truncatingIfNeeded: word &>> 24))
            bytes.append(UInt8(truncatingIfNeeded: word &>> 16))
            bytes.append(UInt8(truncatingIfNeeded: word &>> 8))
            bytes.append(UInt8(truncatingIfNeeded: word))
        }
    }

    @inline(__always)
    private static func rotateLeft(_ word: UInt32, by count: UInt32) -> UInt32 {
        word &<< count | word &>> (32 - count)
    }
}
