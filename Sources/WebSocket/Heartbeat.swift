/// Finds clients that are gone without a word: a Ping every interval, and an answer or any other sign of life
/// within the patience (RFC 6455 5.5.2). Time is an argument, in nanoseconds of any monotonic clock.
package struct Heartbeat: Equatable, Sendable {
    package struct Timing: Equatable, Sendable {
        package let interval: UInt64
        package let patience: UInt64

        package init(interval: UInt64, patience: UInt64) {
            self.interval = interval
            self.patience = patience
        }
    }

    package enum Action: Equatable, Sendable {
        case none
        case sendPing
        /// Nothing came since the Ping: dead, unless the transport shows that our bytes are still being taken.
        case suspect
    }

    private enum Phase: Equatable {
        case quiet
        case pinged
        /// Something came since the Ping.
        case answered
    }

    /// When the last Ping went out; before the first one, the beginning.
    private var since: UInt64
    private var phase = Phase.quiet

    package init(now: UInt64) { self.since = now }

    /// Something came from the client.
    package mutating func hear() {
        if self.phase == .pinged { self.phase = .answered }
    }

    /// The client takes our bytes, slowly: it gets the patience once more.
    package mutating func excuse(now: UInt64) {
        self.since = now
        self.phase = .pinged
    }

    package func deadline(_ timing: Timing) -> UInt64 {
        switch self.phase {
        case .quiet: return Self.sum(self.since, timing.interval)
        case .pinged, .answered: return Self.sum(self.since, timing.patience)
        }
    }

    /// A deadline beyond what the clock can show is one that never comes, not one in the past.
    private static func sum(_ time: UInt64, _ duration: UInt64) -> UInt64 {
        let (sum, isBeyond) = time.addingReportingOverflow(duration)
        return isBeyond ? .max : sum
    }

    /// Call at or after the deadline.
    package mutating func tick(now: UInt64, _ timing: Timing) -> Action {
        guard now >= self.deadline(timing) else { return .none }
        switch self.phase {
        case .quiet:
            self.since = now
            self.phase = .pinged
            return .sendPing
        case .pinged:
            return .suspect
        case .answered:
            self.phase = .quiet
            return self.tick(now: now, timing)
        }
    }
}
