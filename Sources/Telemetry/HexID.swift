/// 128 random bits that name a session in the log, in the child's environment and in answers: 32 hexadecimal
/// digits.
package struct HexID: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package func append(to output: inout [UInt8]) {
        for word in [self.high, self.low] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                output.appendHexadecimal(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
    }
}

extension HexID: CustomStringConvertible {
    package var description: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        self.append(to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }
}
