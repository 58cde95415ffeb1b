/// What a frame carries (RFC 6455 5.2).
public enum Opcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA
}

/// The type of a message; it belongs to the whole message, not to its frames.
public enum MessageType: UInt8, Sendable {
    case text = 0x1
    case binary = 0x2
}
