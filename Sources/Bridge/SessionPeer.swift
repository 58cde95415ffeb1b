internal import IOCore
internal import SystemCalls

/// What a session connects its client to. It is asked once an event, not once a message.
protocol SessionPeer: AnyObject {
    var encoding: MessageEncoding { get }
    /// Where the client's messages go; nil when nobody takes them any more, then they are dropped.
    func sink(for client: any ByteStream) -> (any ByteStream)?
    /// Backpressure of what flows to the client.
    func clientIsFull()
    func clientHasRoom()
    /// No message follows: the client closed, or is gone.
    func clientEnded()
    /// Whether nothing of it is left to wait for.
    var isOver: Bool { get }
    /// How the child ended, if there was one; for the log.
    var ending: ExitStatus? { get }
}

/// The client itself: what it sends comes back.
final class EchoPeer: SessionPeer {
    var encoding: MessageEncoding { .frames }

    func sink(for client: any ByteStream) -> (any ByteStream)? { client }
    func clientIsFull() {}
    func clientHasRoom() {}
    func clientEnded() {}
    var isOver: Bool { true }
    var ending: ExitStatus? { nil }
}
