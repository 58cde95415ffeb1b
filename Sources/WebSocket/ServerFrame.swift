/// Headers of frames as a server sends them: final, unmasked (RFC 6455 5.2).
public enum ServerFrame {
    /// The longest header of ours. It is at least four bytes shorter than the client's for the same payload,
    /// so an echoed frame always fits where it came from.
    public static let headerBytesMax = 10

    @inlinable @inline(__always)
    public static func headerCount(payloadCount: Int) -> Int {
        payloadCount < 126 ? 2 : payloadCount < 65_536 ? 4 : 10
    }

    /// Writes the header of a whole message at `offset` of `output`.
    @inlinable @inline(__always)
    public static func write(
        _ type: MessageType, payloadCount: Int, into output: inout MutableSpan<UInt8>, at offset: Int
    ) {
        output[offset] = 0x80 | type.rawValue
        if payloadCount < 126 {
            output[offset &+ 1] = UInt8(truncatingIfNeeded: payloadCount)
        } else {
            Self.writeLongLength(payloadCount, into: &output, at: offset)
        }
    }

    /// Writes the header of a part of a message: the type goes with the first, the final bit with the last.
    public static func writeFragment(_ piece: MessagePiece, into output: inout MutableSpan<UInt8>, at offset: Int) {
        Self.write(piece.type, payloadCount: piece.count, into: &output, at: offset)
        output[offset] = (piece.ends ? 0x80 : 0) | (piece.begins ? piece.type.rawValue : Opcode.continuation.rawValue)
    }

    @usableFromInline
    static func writeLongLength(_ payloadCount: Int, into output: inout MutableSpan<UInt8>, at offset: Int) {
        let bytes = payloadCount < 65_536 ? 2 : 8
        output[offset + 1] = bytes == 2 ? 126 : 127
        for index in 0..<bytes {
            output[offset + 2 + index] = UInt8(truncatingIfNeeded: payloadCount >> (8 * (bytes - 1 - index)))
        }
    }

    /// A Ping or Pong with this payload, which must not exceed 125 bytes.
    public static func control(_ opcode: Opcode, payload: Span<UInt8>) -> [UInt8] {
        precondition(payload.count <= 125, "control frames carry at most 125 bytes")
        var frame: [UInt8] = [0x80 | opcode.rawValue, UInt8(truncatingIfNeeded: payload.count)]
        for index in 0..<payload.count { frame.append(payload[index]) }
        return frame
    }
}
