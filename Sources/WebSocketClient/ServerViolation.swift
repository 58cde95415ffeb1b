package import WebSocket

/// What a server did that RFC 6455 forbids.
package enum ServerViolation: Error, Equatable, Sendable {
    case reservedBits
    case unknownOpcode(UInt8)
    case masked
    case lengthNotMinimal
    case lengthBeyond63Bits
    case controlFrameFragmented
    case controlFrameTooLong
    case continuationWithoutBeginning
    case messageWithinMessage
    case textNotUTF8
    /// The Close frame's payload.
    case badClose(ProtocolViolation)
    /// Not the server's fault: the message is larger than we take.
    case messageTooLarge(bytesMax: Int)

    /// What our Close says about it.
    package var closeCode: CloseCode {
        switch self {
        case .reservedBits, .unknownOpcode, .masked, .lengthNotMinimal, .lengthBeyond63Bits, .controlFrameFragmented,
            .controlFrameTooLong, .continuationWithoutBeginning, .messageWithinMessage:
            .protocolError
        case .textNotUTF8: .invalidPayload
        case .badClose(let violation): violation.closeCode
        case .messageTooLarge: .messageTooBig
        }
    }
}

extension ServerViolation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .reservedBits: "a frame has reserved bits set"
        case .unknownOpcode(let opcode): "a frame has the unknown opcode \(opcode)"
        case .masked: "a frame is masked, which only a client's may be"
        case .lengthNotMinimal: "a frame's length is not written in the shortest way"
        case .lengthBeyond63Bits: "a frame's length has its highest bit set"
        case .controlFrameFragmented: "a control frame is fragmented"
        case .controlFrameTooLong: "a control frame has more than 125 bytes"
        case .continuationWithoutBeginning: "a continuation continues nothing"
        case .messageWithinMessage: "a message begins before the last one has ended"
        case .textNotUTF8: "a text message is not UTF-8"
        case .badClose(let violation): violation.reason
        case .messageTooLarge(let max): "a message is larger than \(max) bytes; --max-message-size allows more"
        }
    }
}
