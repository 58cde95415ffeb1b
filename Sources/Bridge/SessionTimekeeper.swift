internal import WebSocket

/// The times of one session: heartbeat, idleness, lifetime, message rate. Time is an argument, in nanoseconds.
struct SessionTimekeeper {
    enum Verdict: Equatable {
        case none
        case sendPing
        /// The client did not answer: dead unless it still takes what is sent.
        case suspectDead
        case idle
        case tooOld
    }

    private var heartbeat: Heartbeat
    private let startedAt: UInt64
    private var lastMessageAt: UInt64
    /// Messages that may still come in this second's allowance, and when it was last filled up.
    private var allowance: Double = -1
    private var allowanceAt: UInt64

    /// Bytes on their way to the client when it was last looked at.
    private var undelivered = 0

    init(now: UInt64) {
        self.heartbeat = Heartbeat(now: now)
        self.startedAt = now
        self.lastMessageAt = now
        self.allowanceAt = now
    }

    @inline(__always)
    mutating func heard(now: UInt64) {
        self.heartbeat.hear(now: now)
    }

    /// A message went either way.
    @inline(__always)
    mutating func messagePassed(now: UInt64) { self.lastMessageAt = now }

    mutating func watchDelivery(_ undelivered: Int) { self.undelivered = undelivered }

    /// Whether the client took some of what was on its way since it was last looked at.
    mutating func isDelivering(_ undelivered: Int) -> Bool {
        defer { self.undelivered = undelivered }
        return undelivered > 0 && undelivered < self.undelivered
    }

    mutating func excuse(now: UInt64) { self.heartbeat.excuse(now: now) }

    /// When to look again; nil: never.
    func deadline(_ settings: SessionSettings) -> UInt64? {
        let candidates = [
            settings.heartbeat.map { self.heartbeat.deadline($0) },
            settings.idleTimeout.map { self.lastMessageAt &+ $0 },
            settings.lifetimeMax.map { self.startedAt &+ $0 },
        ]
        return candidates.compactMap { $0 }.min()
    }

    mutating func tick(now: UInt64, _ settings: SessionSettings) -> Verdict {
        if let max = settings.lifetimeMax, now &- self.startedAt >= max { return .tooOld }
        if let idle = settings.idleTimeout, now &- self.lastMessageAt >= idle { return .idle }
        guard let timing = settings.heartbeat else { return .none }
        switch self.heartbeat.tick(now: now, timing) {
        case .none: return .none
        case .sendPing: return .sendPing
        case .suspect: return .suspectDead
        }
    }

    /// Token bucket: one second's worth of messages may come at once.
    mutating func admit(messages: Int, now: UInt64, perSecond: Double) -> Bool {
        let burst = max(perSecond, 1)
        let earned = Double(now &- self.allowanceAt) * perSecond / 1e9
        self.allowance = self.allowance < 0 ? burst : min(burst, self.allowance + earned)
        self.allowanceAt = now
        guard self.allowance >= Double(messages) else { return false }
        self.allowance -= Double(messages)
        return true
    }
}
