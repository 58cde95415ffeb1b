/// The checksum of RFC 4960 appendix B (Castagnoli), which version 2 of the PROXY protocol may carry.
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    /// Of all bytes, those in `zeroed` taken as zero.
    static func checksum(_ bytes: Span<UInt8>, zeroing zeroed: Range<Int>) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for index in 0..<bytes.count {
            let byte = zeroed.contains(index) ? 0 : bytes[index]
            value = value >> 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
        }
        return value ^ 0xFFFF_FFFF
    }
}
