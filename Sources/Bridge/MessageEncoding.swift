internal import StdioFraming
internal import WebSocket

/// The form in which the other side of a session reads a client's messages: bytes around each payload.
///
/// The session moves payloads within its receive window, so that what one read brought leaves with one write:
///
///     client:      | header | masked payload | header | masked payload |
///     other side:    | prefix | payload | suffix | prefix | payload | suffix |
///
/// An enum and not a protocol: it is asked several times a message, and a generic session would be reached through
/// witness tables, which are never specialized.
enum MessageEncoding {
    /// Frames of a server: messages go back as they came.
    case frames
    /// Records of a child's standard input.
    case records(RecordEncoding)

    /// How many bytes go in front of a payload.
    @inline(__always)
    func prefixCount(_ type: MessageType, payloadCount: Int) -> Int {
        switch self {
        case .frames: ServerFrame.headerCount(payloadCount: payloadCount)
        case .records(let records): records.prefixCount(type, payloadCount: payloadCount)
        }
    }

    /// Writes them at `offset`.
    @inline(__always)
    func writePrefix(
        _ type: MessageType, payloadCount: Int, into window: inout MutableSpan<UInt8>, at offset: Int
    ) {
        switch self {
        case .frames: ServerFrame.write(type, payloadCount: payloadCount, into: &window, at: offset)
        case .records(let records): records.writePrefix(type, payloadCount: payloadCount, into: &window, at: offset)
        }
    }

    /// Checks and adapts a payload in place; gives the length to pass on, at most what it was.
    @inline(__always)
    func prepare(
        _ type: MessageType, _ window: inout MutableSpan<UInt8>, _ payload: Range<Int>
    ) throws(ProtocolViolation) -> Int {
        switch self {
        case .frames: payload.count
        case .records(let records): try records.prepare(type, &window, payload)
        }
    }

    /// The byte that ends a message, if one does.
    @inline(__always)
    var suffix: UInt8? {
        switch self {
        case .frames: nil
        case .records(let records): records.suffix
        }
    }

    /// Whether a message may go on in parts: as fragments, or as bytes whose boundaries mean nothing.
    var takesParts: Bool {
        switch self {
        case .frames: true
        case .records(let records): records.takesParts
        }
    }

    /// Writes what goes in front of a part, right before it; gives its length.
    func writePartPrefix(_ piece: MessagePiece, into window: inout MutableSpan<UInt8>) -> Int {
        switch self {
        case .frames:
            let count = ServerFrame.headerCount(payloadCount: piece.count)
            ServerFrame.writeFragment(piece, into: &window, at: piece.offset - count)
            return count
        case .records:
            return 0
        }
    }
}
