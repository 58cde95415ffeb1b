/// SHA-1 of RFC 3174.
///
/// Broken as a signature, and not used as one: RFC 6455 wants it to prove that the server has read the key.
package enum SHA1 {
    package static let digestBytes = 20
    private static let blockBytes = 64

    package static func digest(of message: some Collection<UInt8>) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        let padded = Self.padded(message)
        for blockStart in stride(from: 0, to: padded.count, by: Self.blockBytes) {
            Self.mix(padded[blockStart..<(blockStart + Self.blockBytes)], into: &state)
        }
        return state.flatMap(Self.bigEndianBytes)
    }

    /// The message, one set bit, zeros up to the last eight bytes of a block, and there the length in bits.
    private static func padded(_ message: some Collection<UInt8>) -> [UInt8] {
        var padded = Array(message)
        let bitCount = UInt64(padded.count) &* 8
        padded.append(0x80)
        while padded.count % Self.blockBytes != Self.blockBytes - 8 { padded.append(0) }
        padded += Self.bigEndianBytes(UInt32(truncatingIfNeeded: bitCount >> 32))
        padded += Self.bigEndianBytes(UInt32(truncatingIfNeeded: bitCount))
        return padded
    }

    private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        let words = Self.schedule(block)
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for (round, word) in words.enumerated() {
            let (function, constant) = Self.roundFunction(round, b, c, d)
            let next = Self.rotateLeft(a, by: 5) &+ function &+ e &+ constant &+ word
            (a, b, c, d, e) = (next, a, Self.rotateLeft(b, by: 30), c, d)
        }
        for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
    }

    /// The sixteen words of the block and the sixty-four that follow from them.
    private static func schedule(_ block: ArraySlice<UInt8>) -> [UInt32] {
        var words: [UInt32] = []
        words.reserveCapacity(80)
        for start in stride(from: block.startIndex, to: block.endIndex, by: 4) {
            words.append(block[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) })
        }
        for index in 16..<80 {
            let mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
            words.append(Self.rotateLeft(mixed, by: 1))
        }
        return words
    }

    private static func roundFunction(
        _ round: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32
    ) -> (value: UInt32, constant: UInt32) {
        switch round {
        case ..<20: ((b & c) | (~b & d), 0x5A82_7999)
        case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
        case ..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
    }

    private static func rotateLeft(_ word: UInt32, by count: UInt32) -> UInt32 {
        word &<< count | word &>> (32 - count)
    }

    private static func bigEndianBytes(_ word: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    }
}
