/// The head of a frame as a client sends it (RFC 6455 5.2).
///
///     | fin rsv opcode | mask len7 | len16 or len64 | key (4) |      2 + (0, 2 or 8) + 4 bytes
public struct FrameHeader: Equatable, Sendable {
    /// The longest header a client can send.
    public static let bytesMax = 14

    public let opcode: Opcode
    public let isFinal: Bool
    public let payloadCount: Int
    /// Little-endian: the lowest byte masks the first payload byte.
    public let key: UInt32
    /// How many bytes the header itself took.
    public let headerCount: Int

    @inlinable
    init(opcode: Opcode, isFinal: Bool, payloadCount: Int, key: UInt32, headerCount: Int) {
        self.opcode = opcode
        self.isFinal = isFinal
        self.payloadCount = payloadCount
        self.key = key
        self.headerCount = headerCount
    }

    /// Reads the header at `offset` of `window`; nil while it is incomplete. A broken rule is thrown as soon
    /// as the field that breaks it is there, not when the header is complete.
    @inlinable
    public static func parse(
        _ window: borrowing MutableSpan<UInt8>, at offset: Int
    ) throws(ProtocolViolation) -> FrameHeader? {
        let available = window.count - offset
        guard available >= 2 else {
            if available == 1 { _ = try Self.opcode(of: window[offset]) }
            return nil
        }
        let first = window[offset]
        let second = window[offset &+ 1]
        let opcode = try Self.opcode(of: first)
        guard second & 0x80 != 0 else { throw .unmaskedFrame }
        let short = Int(second & 0x7F)
        let isFinal = first & 0x80 != 0
        if opcode.rawValue >= 8 {
            guard short <= 125 else { throw .controlFrameTooLong(short) }
            guard isFinal else { throw .fragmentedControlFrame }
        }
        guard short >= 126 else {
            guard available >= 6 else { return nil }
            let key = MaskingKernel.word(window, at: offset &+ 2)
            return FrameHeader(opcode: opcode, isFinal: isFinal, payloadCount: short, key: key, headerCount: 6)
        }
        guard let (count, headerCount) = try Self.longLength(window, at: offset, is64: short == 127) else { return nil }
        guard available >= headerCount else { return nil }
        let key = MaskingKernel.word(window, at: offset &+ headerCount &- 4)
        return FrameHeader(opcode: opcode, isFinal: isFinal, payloadCount: count, key: key, headerCount: headerCount)
    }

    @inlinable
    static func opcode(of first: UInt8) throws(ProtocolViolation) -> Opcode {
        guard first & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .unknownOpcode(first & 0x0F) }
        return opcode
    }

    /// The 16 or 64 bit length, which must be the shortest form and leave its top bit clear.
    @usableFromInline
    static func longLength(
        _ window: borrowing MutableSpan<UInt8>, at offset: Int, is64: Bool
    ) throws(ProtocolViolation) -> (count: Int, headerCount: Int)? {
        let bytes = is64 ? 8 : 2
        guard window.count - offset >= 2 + bytes else { return nil }
        var length: UInt64 = 0
        for index in 0..<bytes { length = length << 8 | UInt64(window[offset + 2 + index]) }
        guard length >> 63 == 0 else { throw .lengthMostSignificantBit }
        guard length > (is64 ? 0xFFFF : 125) else { throw .lengthNotMinimal }
        return (Int(length), 2 + bytes + 4)
    }
}
