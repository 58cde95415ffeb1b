/// Finds clients that are gone without a word: a Ping every interval, and an answer or any other sign of life
/// within the patience (RFC 6455 5.5.2). Time is an argument, in nanoseconds of any monotonic clock.
///
/// With a patience longer than the interval several Pings are under way at a time:
///
///     since                                            since + patience
///     Ping ──interval── Ping ──interval── Ping ── … ─────────┴─▶ suspect, unless something came
///       └ first one after the last sign of life
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
        /// The one before has no answer yet, and some of its time.
        case sendAnotherPing
        /// Nothing came since the first Ping: dead, unless the transport shows that our bytes are still being taken.
        case suspect
    }

    /// When the first Ping went out that may lack an answer; before any Ping, the beginning.
    private var since: UInt64
    /// Since then so many intervals have begun. It stays at its largest: with 65,535 Pings under way no further one is
    /// needed.
    private var intervals: UInt16 = 1
    /// Nothing came since that Ping.
    private var isWaiting = false

    package init(now: UInt64) { self.since = now }

    /// Something came from the client.
    package mutating func hear() { self.isWaiting = false }

    /// The client takes our bytes, slowly: it gets the patience once more.
    package mutating func excuse(now: UInt64) {
        self.since = now
        self.intervals = 1
        self.isWaiting = true
    }

    package func deadline(_ timing: Timing) -> UInt64 {
        let ping = self.nextPing(timing)
        return self.isWaiting ? min(ping, self.end(timing)) : ping
    }

    /// Call at or after the deadline.
    package mutating func tick(now: UInt64, _ timing: Timing) -> Action {
        if self.isWaiting && now >= self.end(timing) { return .suspect }
        guard now >= self.nextPing(timing) else { return .none }
        guard self.isWaiting else {
            self.excuse(now: now)
            return .sendPing
        }
        // Intervals that a late tick has missed are not made up for.
        let begun = (now &- self.since) / max(timing.interval, 1)
        self.intervals = UInt16(clamping: begun &+ 1)
        return .sendAnotherPing
    }

    private func end(_ timing: Timing) -> UInt64 { Self.sum(self.since, timing.patience) }

    private func nextPing(_ timing: Timing) -> UInt64 {
        guard !(self.isWaiting && self.intervals == .max) else { return .max }
        let (duration, isBeyond) = timing.interval.multipliedReportingOverflow(by: UInt64(self.intervals))
        return isBeyond ? .max : Self.sum(self.since, duration)
    }

    /// A deadline beyond what the clock can show is one that never comes, not one in the past.
    private static func sum(_ time: UInt64, _ duration: UInt64) -> UInt64 {
        let (sum, isBeyond) = time.addingReportingOverflow(duration)
        return isBeyond ? .max : sum
    }
}
