/// The closing handshake of one session as the server sees it (RFC 6455 7).
///
///     open ──ours──▶ awaitingReply ──theirs──▶ finished
///       └────theirs────────────────────────────▶ finished
public struct ClosingHandshake: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        case open
        /// Our Close is out; the client has until the close timeout to answer.
        case awaitingReply
        /// No frame goes out any more: the transport is flushed and shut down.
        case finished
    }

    /// What the driver has to do.
    public enum Action: Equatable, Sendable {
        case none
        case sendClose(CloseFrame, thenFinish: Bool)
        case finish
    }

    @usableFromInline var phase: State = .open
    public var state: State { self.phase }
    /// What the session ended with, for the log: the code that came first, from either side.
    public private(set) var code: CloseCode = .abnormal

    public init() {}

    @inlinable
    public var isOpen: Bool {
        if case .open = self.phase { true } else { false }
    }

    @inlinable
    public var isFinished: Bool {
        if case .finished = self.phase { true } else { false }
    }

    /// We want to end the session.
    public mutating func close(_ frame: CloseFrame) -> Action {
        switch self.phase {
        case .open:
            self.phase = .awaitingReply
            self.code = frame.code ?? .noStatus
            return .sendClose(frame, thenFinish: false)
        case .awaitingReply, .finished:
            return .none
        }
    }

    /// The client broke the protocol: a Close, and no wait for an answer that cannot be trusted to come.
    public mutating func fail(_ frame: CloseFrame) -> Action {
        switch self.phase {
        case .open:
            self.phase = .finished
            self.code = frame.code ?? .noStatus
            return .sendClose(frame, thenFinish: true)
        case .awaitingReply:
            self.phase = .finished
            return .finish
        case .finished:
            return .none
        }
    }

    /// The client's Close came in.
    public mutating func received(_ frame: CloseFrame) -> Action {
        switch self.phase {
        case .open:
            self.phase = .finished
            self.code = frame.code ?? .noStatus
            return .sendClose(frame.echo, thenFinish: true)
        case .awaitingReply:
            self.phase = .finished
            return .finish
        case .finished:
            return .none
        }
    }

    /// The transport is gone: the code stays what it was, 1006 when no Close was seen.
    public mutating func lose() { self.phase = .finished }
}
