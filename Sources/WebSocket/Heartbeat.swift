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

    private enum State: Equatable {
        case quiet(since: UInt64)
        case pinged(at: UInt64)
    }

    private var state: State
    private var heard: UInt64

    package init(now: UInt64) {
        self.state = .quiet(since: now)
        self.heard = now
    }

    /// Something came from the client.
    package mutating func hear(now: UInt64) { self.heard = now }

    /// The client takes our bytes, slowly: it gets the patience once more.
    package mutating func excuse(now: UInt64) { self.state = .pinged(at: now) }

    package func deadline(_ timing: Timing) -> UInt64 {
        switch self.state {
        case .quiet(let since): return Self.sum(since, timing.interval)
        case .pinged(let at): return Self.sum(at, timing.patience)
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
        switch self.state {
        case .quiet:
            self.state = .pinged(at: now)
            return .sendPing
        case .pinged(let at):
            guard self.heard >= at else { return .suspect }
            self.state = .quiet(since: at)
            return self.tick(now: now, timing)
        }
    }
}
