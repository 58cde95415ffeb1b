internal import WebSocket

/// The form in which the other side of a session reads a client's messages: bytes around each payload.
///
/// The session moves payloads within its receive window, so that what one read brought leaves with one write:
///
///     client:      | header | masked payload | header | masked payload |
///     other side:    | prefix | payload | suffix | prefix | payload | suffix |
protocol MessageEncoding {
    /// How many bytes go in front of a payload.
    func prefixCount(_ type: MessageType, payloadCount: Int) -> Int
    /// Writes them at `offset`.
    func writePrefix(_ type: MessageType, payloadCount: Int, into window: inout MutableSpan<UInt8>, at offset: Int)
    /// Checks and adapts a payload in place; gives the length to pass on, at most what it was.
    func prepare(
        _ type: MessageType, _ window: inout MutableSpan<UInt8>, _ payload: Range<Int>
    ) throws(ProtocolViolation) -> Int
    /// The byte that ends a message, if one does.
    var suffix: UInt8? { get }
}

/// Messages go back as they came: server frames.
struct EchoEncoding: MessageEncoding {
    @inline(__always)
    func prefixCount(_ type: MessageType, payloadCount: Int) -> Int {
        ServerFrame.headerCount(payloadCount: payloadCount)
    }

    @inline(__always)
    func writePrefix(
        _ type: MessageType, payloadCount: Int, into window: inout MutableSpan<UInt8>, at offset: Int
    ) {
        ServerFrame.write(type, payloadCount: payloadCount, into: &window, at: offset)
    }

    @inline(__always)
    func prepare(
        _ type: MessageType, _ window: inout MutableSpan<UInt8>, _ payload: Range<Int>
    ) throws(ProtocolViolation) -> Int {
        payload.count
    }

    @inline(__always)
    var suffix: UInt8? { nil }
}
