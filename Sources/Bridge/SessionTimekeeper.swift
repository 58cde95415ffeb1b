internal import WebSocket

/// The times of one session: heartbeat, idleness, lifetime. Time is an argument, in nanoseconds.
struct SessionTimekeeper {
    enum Verdict: Equatable {
        case none
        case sendPing
        /// The one before is still to be answered.
        case sendAnotherPing
        /// The client did not answer: dead unless it still takes what is sent.
        case suspectDead
        case idle
        case tooOld
    }

    /// The last message either way; once the session closes, the last time the client took something.
    private var lastProgressAt: UInt64
    private var heartbeat: Heartbeat
    /// Bytes on their way to the client when it was last looked at.
    private var undelivered: UInt32 = 0

    init(now: UInt64) {
        self.heartbeat = Heartbeat(now: now)
        self.lastProgressAt = now
    }

    @inline(__always)
    mutating func heard() { self.heartbeat.hear() }

    @inline(__always)
    mutating func progressed(now: UInt64) { self.lastProgressAt = now }

    /// Whether nothing has got on for `duration`.
    func hasStalled(for duration: UInt64, now: UInt64) -> Bool { now &- self.lastProgressAt >= duration }

    mutating func watchDelivery(_ undelivered: Int) { self.undelivered = UInt32(clamping: undelivered) }

    /// Whether the client took some of what was on its way since it was last looked at.
    mutating func isDelivering(_ undelivered: Int) -> Bool {
        let before = Int(self.undelivered)
        self.watchDelivery(undelivered)
        return undelivered > 0 && undelivered < before
    }

    mutating func excuse(now: UInt64) { self.heartbeat.excuse(now: now) }

    /// When to look again; nil: never.
    func deadline(_ settings: SessionSettings, startedAt: UInt64) -> UInt64? {
        let candidates = [
            settings.heartbeat.map { self.heartbeat.deadline($0) },
            settings.idleTimeout.map { self.lastProgressAt &+ $0 },
            settings.lifetimeMax.map { startedAt &+ $0 },
        ]
        return candidates.compactMap { $0 }.min()
    }

    mutating func tick(now: UInt64, _ settings: SessionSettings, startedAt: UInt64) -> Verdict {
        if let max = settings.lifetimeMax, now &- startedAt >= max { return .tooOld }
        if let idle = settings.idleTimeout, self.hasStalled(for: idle, now: now) { return .idle }
        guard let timing = settings.heartbeat else { return .none }
        switch self.heartbeat.tick(now: now, timing) {
        case .none: return .none
        case .sendPing: return .sendPing
        case .sendAnotherPing: return .sendAnotherPing
        case .suspect: return .suspectDead
        }
    }
}
