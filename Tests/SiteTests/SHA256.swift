/// FIPS 180-4, for checking the hashes in the console's policy; slow and short on purpose.
enum SHA256 {
    static func digest(of message: [UInt8]) -> [UInt8] {
        var state: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
        ]
        for block in self.padded(message) { self.compress(block, into: &state) }
        return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
    }

    /// The message, a one bit, zeros and the length in bits, cut into blocks of 64 bytes.
    private static func padded(_ message: [UInt8]) -> [ArraySlice<UInt8>] {
        var bytes = message + [0x80]
        while bytes.count % 64 != 56 { bytes.append(0) }
        let bits = UInt64(message.count) * 8
        bytes += stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) }
        return stride(from: 0, to: bytes.count, by: 64).map { bytes[$0..<$0 + 64] }
    }

    private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        var schedule = (0..<16).map { word in
            (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(block[block.startIndex + word * 4 + $1]) }
        }
        for index in 16..<64 {
            let early = schedule[index - 15], late = schedule[index - 2]
            let sigma0 = self.rotate(early, 7) ^ self.rotate(early, 18) ^ early >> 3
            let sigma1 = self.rotate(late, 17) ^ self.rotate(late, 19) ^ late >> 10
            schedule.append(schedule[index - 16] &+ sigma0 &+ schedule[index - 7] &+ sigma1)
        }
        var work = state
        for index in 0..<64 {
            let sum1 = self.rotate(work[4], 6) ^ self.rotate(work[4], 11) ^ self.rotate(work[4], 25)
            let choice = work[4] & work[5] ^ ~work[4] & work[6]
            let first = work[7] &+ sum1 &+ choice &+ self.constants[index] &+ schedule[index]
            let sum0 = self.rotate(work[0], 2) ^ self.rotate(work[0], 13) ^ self.rotate(work[0], 22)
            let majority = work[0] & work[1] ^ work[0] & work[2] ^ work[1] & work[2]
            work = [first &+ sum0 &+ majority] + work[0..<7]
            work[4] &+= first
        }
        for index in 0..<8 { state[index] &+= work[index] }
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = {
        let primes = (2...311).filter { candidate in !(2..<candidate).contains { candidate % $0 == 0 } }
        return primes.map { SHA256.cubeRootFraction(UInt64($0)) }
    }()

    /// The largest r with r³ ≤ prime · 2⁹⁶ is the cube root in units of 2⁻³²; its low half is the fraction.
    private static func cubeRootFraction(_ prime: UInt64) -> UInt32 {
        var root: UInt64 = 0
        for bit in stride(from: 34, through: 0, by: -1) {
            let candidate = root | 1 << UInt64(bit)
            let wide = UInt128(candidate)
            if wide * wide * wide <= UInt128(prime) << 96 { root = candidate }
        }
        return UInt32(truncatingIfNeeded: root)
    }
}

/// RFC 4648 with padding.
func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = (0..<3).reduce(UInt32(0)) { $0 << 8 | ($1 < group.count ? UInt32(group[start + $1]) : 0) }
        for place in 0..<4 {
            text.append(place <= group.count ? alphabet[Int(bits >> UInt32(18 - place * 6) & 63)] : "=")
        }
    }
    return text
}
