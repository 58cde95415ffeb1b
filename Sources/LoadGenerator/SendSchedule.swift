/// When messages are to be sent. Knows no clock: it is told the time.
///
/// In an open loop the k-th message belongs to the time start + k / rate, and its latency counts from there. When the
/// server stalls and messages go out late, the wait before is part of what a user would have seen; who counted from
/// the moment of sending would leave out the worst ("coordinated omission").
package struct SendSchedule: Sendable {
    private let start: UInt64
    private let end: UInt64
    /// Nanoseconds between two messages; nil: closed loop.
    private let interval: Double?
    private var left: UInt64
    private var taken: UInt64 = 0

    package init(_ pace: LoadSettings.Pace, start: UInt64, duration: UInt64, messagesMax: UInt64?) {
        self.start = start
        self.end = start &+ duration
        self.left = messagesMax ?? .max
        switch pace {
        case .closedLoop: self.interval = nil
        case .openLoop(let perSecond): self.interval = 1e9 / perSecond
        }
    }

    /// Nothing more is sent.
    package func isOver(now: UInt64) -> Bool {
        self.left == 0 || now >= self.end && (self.interval == nil || self.intended >= self.end)
    }

    /// The time from which the latency of a message counts that may be sent now; nil: none may.
    package mutating func take(now: UInt64) -> UInt64? {
        guard let time = self.peek(now: now) else { return nil }
        self.left -= 1
        self.taken += 1
        return time
    }

    /// What `take` would give.
    package func peek(now: UInt64) -> UInt64? {
        guard self.left > 0 else { return nil }
        guard self.interval != nil else { return now < self.end ? now : nil }
        let intended = self.intended
        return intended <= now && intended < self.end ? intended : nil
    }

    /// When to ask again; nil: an answer will say.
    package var nextAt: UInt64? {
        self.interval == nil || self.left == 0 || self.intended >= self.end ? nil : self.intended
    }

    private var intended: UInt64 { self.start &+ UInt64(Double(self.taken) * (self.interval ?? 0)) }
}
