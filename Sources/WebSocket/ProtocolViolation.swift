/// A rule of RFC 6455, or a limit of ours, that the client broke.
public enum ProtocolViolation: Error, Equatable, Sendable {
    case reservedBits
    case unknownOpcode(UInt8)
    case unmaskedFrame
    case fragmentedControlFrame
    case controlFrameTooLong(Int)
    case lengthNotMinimal
    case lengthMostSignificantBit
    case continuationWithoutMessage
    case messageWithinMessage
    case invalidUTF8
    case closePayloadOfOneByte
    case closeCodeNotAllowed(UInt16)
    case closeReasonNotUTF8
    case frameTooLarge(limit: Int)
    case messageTooLarge(limit: Int)
    case tooManyFragments(limit: Int)
    /// What stands behind the session does not take such a message.
    case policy(reason: String)
    case unsupportedType(reason: String)
    /// Not the client's fault: the worker has no buffer for the message.
    case outOfBuffers
}

extension ProtocolViolation {
    /// The code of the Close frame that answers it (RFC 6455 7.4.1): computed here and nowhere else.
    public var closeCode: CloseCode {
        switch self {
        case .reservedBits, .unknownOpcode, .unmaskedFrame, .fragmentedControlFrame, .controlFrameTooLong,
            .lengthNotMinimal, .lengthMostSignificantBit, .continuationWithoutMessage, .messageWithinMessage,
            .closePayloadOfOneByte, .closeCodeNotAllowed:
            return .protocolError
        case .invalidUTF8, .closeReasonNotUTF8:
            return .invalidPayload
        case .tooManyFragments, .policy:
            return .policyViolation
        case .unsupportedType:
            return .unsupportedData
        case .outOfBuffers:
            return .tryAgainLater
        case .frameTooLarge, .messageTooLarge:
            return .messageTooBig
        }
    }

    /// One line for the Close reason and the log.
    public var reason: String {
        switch self {
        case .reservedBits: return "reserved bits set without an extension"
        case .unknownOpcode(let opcode): return "unknown opcode \(opcode)"
        case .unmaskedFrame: return "client frames must be masked"
        case .fragmentedControlFrame: return "control frames must not be fragmented"
        case .controlFrameTooLong(let count): return "control frame of \(count) bytes, at most 125 are allowed"
        case .lengthNotMinimal: return "length not in its shortest form"
        case .lengthMostSignificantBit: return "length with its most significant bit set"
        case .continuationWithoutMessage: return "continuation without a message to continue"
        case .messageWithinMessage: return "new message before the last one ended"
        case .invalidUTF8: return "text message is not UTF-8"
        case .closePayloadOfOneByte: return "Close payload of one byte"
        case .closeCodeNotAllowed(let code): return "close code \(code) must not be sent"
        case .closeReasonNotUTF8: return "close reason is not UTF-8"
        case .frameTooLarge(let limit): return "frame larger than \(limit) bytes"
        case .messageTooLarge(let limit): return "message larger than \(limit) bytes"
        case .tooManyFragments(let limit): return "message of more than \(limit) fragments"
        case .policy(let reason), .unsupportedType(let reason): return reason
        case .outOfBuffers: return "no buffer left for this message"
        }
    }
}
