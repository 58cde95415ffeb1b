package import WebSocket

/// Frames as a client sends them: masked (RFC 6455 5.3).
///
///     | FIN opcode | 1 length | 2 or 8 bytes of length, if need be | key, 4 bytes | payload ^ key |
package enum ClientFrame {
    /// Appends a whole frame. The key must be one that nobody can guess, and another one each time.
    package static func append(_ opcode: Opcode, _ payload: [UInt8], key: UInt32, to wire: inout [UInt8]) {
        wire.append(0x80 | opcode.rawValue)
        switch payload.count {
        case ..<126:
            wire.append(0x80 | UInt8(truncatingIfNeeded: payload.count))
        case ..<65_536:
            wire.append(0x80 | 126)
            Self.append(payload.count, bytes: 2, to: &wire)
        case _:
            wire.append(0x80 | 127)
            Self.append(payload.count, bytes: 8, to: &wire)
        }
        for shift in [0, 8, 16, 24] as [UInt32] { wire.append(UInt8(truncatingIfNeeded: key >> shift)) }
        let start = wire.count
        wire.append(contentsOf: payload)
        var bytes = wire.mutableSpan
        // Masking and unmasking are the same.
        _ = MaskingKernel.unmask(&bytes, from: start, count: payload.count, to: start, key: key)
    }

    private static func append(_ value: Int, bytes: Int, to wire: inout [UInt8]) {
        for index in (0..<bytes).reversed() { wire.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
