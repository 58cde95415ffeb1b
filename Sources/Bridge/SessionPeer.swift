internal import IOCore
internal import WebSocket

/// What a session connects its client to. Generic and not dynamic: it is asked for every message.
protocol SessionPeer {
    associatedtype Encoding: MessageEncoding

    var encoding: Encoding { get }
    /// Where the client's messages go; nil when nobody takes them any more, then they are dropped.
    func sink(for client: any ByteStream) -> (any ByteStream)?
    /// Backpressure of what flows to the client.
    func clientIsFull()
    func clientHasRoom()
    /// No message follows: the client closed, or is gone.
    func clientEnded()
    /// The child, as far as there is one; for the log, once it has ended.
    var ending: PeerEnding? { get }
}

/// How the other side ended.
enum PeerEnding: Equatable, Sendable {
    case exited(Int)
    case killed(signal: String)
}

/// The client itself.
struct EchoPeer: SessionPeer {
    var encoding: EchoEncoding { EchoEncoding() }

    @inline(__always)
    func sink(for client: any ByteStream) -> (any ByteStream)? { client }

    func clientIsFull() {}
    func clientHasRoom() {}
    func clientEnded() {}
    var ending: PeerEnding? { nil }
}
