/// How a program ended, as a metric knows it.
package enum ChildOutcome: String, CaseIterable, Hashable, Sendable {
    case exitZero = "exit_zero"
    case exitNonzero = "exit_nonzero"
    /// By a signal that was not ours.
    case signal
    /// After the teardown ladder had sent it a signal: that it ended is no failure of its own.
    case teardown
}

/// Which way messages go, seen from the server: from clients, or to them.
package enum Direction: String, CaseIterable, Hashable, Sendable {
    case received, sent
}

/// Final answers of HTTP by the first digit of their status.
package enum StatusGroup: String, CaseIterable, Hashable, Sendable {
    case success = "2xx"
    case redirection = "3xx"
    case clientError = "4xx"
    case serverError = "5xx"

    package var digit: Int {
        switch self {
        case .success: 2
        case .redirection: 3
        case .clientError: 4
        case .serverError: 5
        }
    }
}

/// What the programs of a route did.
package struct ChildTally: Equatable, Sendable {
    /// Those that a session got.
    package var started: UInt64 = 0
    package var startFailures: UInt64 = 0
    package var ended = Tally<ChildOutcome>()

    package init() {}

    package var running: UInt64 { self.started &- min(self.ended.sum, self.started) }

    mutating func add(_ other: ChildTally) {
        self.started &+= other.started
        self.startFailures &+= other.startFailures
        self.ended.add(other.ended)
    }
}

/// What a route has counted since the start: on one worker, or on all of them together.
///
/// A worker counts here when a session begins and when it ends. What an open session has moved is in its own counters
/// and added when somebody asks, so that a message costs nothing more.
package struct RouteTally: Equatable, Sendable {
    package let route: String
    /// Sessions that the route may have at a time, on all workers together; nil: as many as come.
    package var sessionsMax: Int?
    package var sessionsStarted: UInt64 = 0
    package var sessionsEnded = Tally<CloseGroup>()
    package var moved = SessionCounters()
    /// Handshakes that were in order and that the route refused, by status.
    package var handshakesRefused = Tally<UInt16>()
    /// Answers to requests that are no handshakes.
    package var requestsAnswered = Tally<StatusGroup>()
    /// How often a source had to wait for its sink.
    package var pauses = Tally<Direction>()
    package var children = ChildTally()
    package var upstream = UpstreamTally()

    package init(route: String) { self.route = route }

    package var sessionsOpen: UInt64 { self.sessionsStarted &- min(self.sessionsEnded.sum, self.sessionsStarted) }

    /// The same route on another worker.
    package mutating func add(_ other: RouteTally) {
        self.sessionsMax = other.sessionsMax
        self.sessionsStarted &+= other.sessionsStarted
        self.sessionsEnded.add(other.sessionsEnded)
        self.moved.add(other.moved)
        self.handshakesRefused.add(other.handshakesRefused)
        self.requestsAnswered.add(other.requestsAnswered)
        self.pauses.add(other.pauses)
        self.children.add(other.children)
        self.upstream.add(other.upstream)
    }
}
