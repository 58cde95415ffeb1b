internal import Bridge
internal import Configuration
internal import Synchronization
internal import SystemCalls

/// The sessions of a route, counted over all workers. A lock is taken when a session begins and ends, never between.
final class RouteLedger: SessionLedger, Sendable {
    private struct Counts {
        var all = 0
        var perHost: [String: Int] = [:]
        /// New sessions that may still come in the allowance of `connectRate`, and when it was last filled up.
        var allowance: Double
        var allowanceAt: UInt64 = 0
    }

    private let sessionsMax: Int?
    private let perHostMax: Int?
    private let rate: Rate?
    private let counts: Mutex<Counts>

    init(_ limits: SessionLimits) {
        self.sessionsMax = limits.connectionsMax.value
        self.perHostMax = limits.connectionsPerAddressMax.value
        self.rate = limits.connectRate.value
        self.counts = Mutex(Counts(allowance: Double(limits.connectRate.value?.count ?? 0)))
    }

    func admit(_ client: SocketAddress, now: UInt64) -> Admission {
        self.counts.withLock { counts in
            if let max = self.sessionsMax, counts.all >= max { return .full }
            if let max = self.perHostMax, counts.perHost[client.host, default: 0] >= max { return .clientIsFull }
            if let rate = self.rate, !Self.spend(&counts, rate, now: now) { return .tooFast }
            counts.all += 1
            if self.perHostMax != nil { counts.perHost[client.host, default: 0] += 1 }
            return .admitted
        }
    }

    func release(_ client: SocketAddress) {
        self.counts.withLock { counts in
            counts.all -= 1
            guard self.perHostMax != nil, let count = counts.perHost[client.host] else { return }
            counts.perHost[client.host] = count > 1 ? count - 1 : nil
        }
    }

    private static func spend(_ counts: inout Counts, _ rate: Rate, now: UInt64) -> Bool {
        let burst = Double(rate.count)
        let earned = Double(now &- counts.allowanceAt) * burst / Double(rate.per.nanoseconds)
        counts.allowance = counts.allowanceAt == 0 ? burst : min(burst, counts.allowance + earned)
        counts.allowanceAt = now
        guard counts.allowance >= 1 else { return false }
        counts.allowance -= 1
        return true
    }
}

extension Limit {
    /// nil: unlimited.
    var value: Value? {
        switch self {
        case .at(let value): value
        case .unlimited: nil
        }
    }
}
