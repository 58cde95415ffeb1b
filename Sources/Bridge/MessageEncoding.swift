internal import WebSocket

/// The form in which the other side of a session reads a client's messages: bytes around each payload.
///
/// The session moves payloads within its receive window, so that what one read brought leaves with one write:
///
///     client:      | header | masked payload | header | masked payload |
///     other side:    | prefix | payload | suffix | prefix | payload | suffix |
enum MessageEncoding {
    /// Frames of a server: messages go back as they came.
    case frames(FrameEncoding)
    /// Records of a child's standard input.
    case records(RecordEncoding)

    /// Whether a message may go on in parts: as fragments, or as bytes whose boundaries mean nothing.
    var takesParts: Bool {
        switch self {
        case .frames: true
        case .records(let records): records.takesParts
        }
    }

    /// How many bytes go in front of a part.
    func partPrefixCount(_ piece: MessagePiece) -> Int {
        switch self {
        case .frames: ServerFrame.headerCount(payloadCount: piece.count)
        case .records: 0
        }
    }

    /// Writes them at `offset`.
    func writePartPrefix(_ piece: MessagePiece, into window: inout MutableSpan<UInt8>, at offset: Int) {
        switch self {
        case .frames: ServerFrame.writeFragment(piece, into: &window, at: offset)
        case .records: break
        }
    }
}

/// One form of messages. Nobody holds it as an existential: who works on many messages is generic over it and asks
/// `MessageEncoding` once, so that each form has code of its own in which nothing is asked at all.
protocol PayloadEncoding {
    /// How many bytes go in front of a payload.
    func prefixCount(_ type: MessageType, payloadCount: Int) -> Int
    /// Writes them at `offset`.
    func writePrefix(
        _ type: MessageType, payloadCount: Int, into window: inout MutableSpan<UInt8>, at offset: Int)
    /// Checks and adapts a payload in place; gives the length to pass on, at most what it was.
    func prepare(
        _ type: MessageType, _ window: inout MutableSpan<UInt8>, _ payload: Range<Int>
    ) throws(ProtocolViolation) -> Int
    /// The byte that ends a message, if one does.
    var suffix: UInt8? { get }
}

/// Messages as a server's frames.
struct FrameEncoding: PayloadEncoding {
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
