/// The closing handshake of one session as the server sees it (RFC 6455 7).
///
///     open ──ours──▶ awaitingReply ──theirs──▶ finished
///       └────theirs────────────────────────────▶ finished
package struct ClosingHandshake: Equatable, Sendable {
    package enum State: Equatable, Sendable {
        case open
        /// Our Close is out; the client has until the close timeout to answer.
        case awaitingReply
        /// No frame goes out any more: the transport is flushed and shut down.
        case finished
    }

    /// What the driver has to do.
    package enum Action: Equatable, Sendable {
        case none
        case sendClose(CloseFrame, thenFinish: Bool)
        case finish
    }

    package private(set) var state: State = .open
    /// What the session ended with, for the log: the code that came first, from either side.
    package private(set) var code: CloseCode = .abnormal

    package init() {}

    package var isOpen: Bool { self.state == .open }

    /// We want to end the session.
    package mutating func close(_ frame: CloseFrame) -> Action {
        switch self.state {
        case .open:
            self.state = .awaitingReply
            self.code = frame.code ?? .noStatus
            return .sendClose(frame, thenFinish: false)
        case .awaitingReply, .finished:
            return .none
        }
    }

    /// The client broke the protocol: a Close, and no wait for an answer that cannot be trusted to come.
    package mutating func fail(_ frame: CloseFrame) -> Action {
        switch self.state {
        case .open:
            self.state = .finished
            self.code = frame.code ?? .noStatus
            return .sendClose(frame, thenFinish: true)
        case .awaitingReply:
            self.state = .finished
            return .finish
        case .finished:
            return .none
        }
    }

    /// The client's Close came in.
    package mutating func received(_ frame: CloseFrame) -> Action {
        switch self.state {
        case .open:
            self.state = .finished
            self.code = frame.code ?? .noStatus
            return .sendClose(frame.echo, thenFinish: true)
        case .awaitingReply:
            self.state = .finished
            return .finish
        case .finished:
            return .none
        }
    }

    /// The transport is gone: the code stays what it was, 1006 when no Close was seen.
    package mutating func lose() { self.state = .finished }
}
