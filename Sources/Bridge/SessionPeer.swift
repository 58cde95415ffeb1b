internal import IOCore
internal import SystemCalls
internal import Telemetry

/// What a session connects its client to. It is asked once an event, not once a message.
protocol SessionPeer: AnyObject {
    var encoding: MessageEncoding { get }
    /// Where the client's messages go; nil when nobody takes them any more, then they are dropped.
    func sink(for client: any ByteStream) -> (any ByteStream)?
    /// Whether each message that it is given goes to the client as it is.
    var returnsMessages: Bool { get }
    /// Whether what the client was sending when our Close went out is still passed on.
    var takesLateMessages: Bool { get }
    /// Whether a message may ask for another size, which is then not passed on.
    var isTerminal: Bool { get }
    func resizeTerminal(to size: TerminalSize)
    /// Backpressure of what flows to the client.
    func clientIsFull()
    func clientHasRoom()
    /// No message follows: the client closed, or is gone.
    func clientEnded()
    /// The session is over for both sides: nobody is told anything any more.
    func sessionEnded()
    /// Whether nothing of it is left to wait for.
    var isOver: Bool { get }
    /// How the child ended, if there was one; for the log.
    var ending: ExitStatus? { get }
    /// What names it in the session's log lines.
    var fields: [LogField] { get }
}

/// The client itself: what it sends comes back.
final class EchoPeer: SessionPeer {
    var encoding: MessageEncoding { .frames(FrameEncoding()) }

    func sink(for client: any ByteStream) -> (any ByteStream)? { client }
    var returnsMessages: Bool { true }
    var takesLateMessages: Bool { false }
    var isTerminal: Bool { false }
    func resizeTerminal(to size: TerminalSize) {}
    func clientIsFull() {}
    func clientHasRoom() {}
    func clientEnded() {}
    func sessionEnded() {}
    var isOver: Bool { true }
    var ending: ExitStatus? { nil }
    var fields: [LogField] { [] }
}
