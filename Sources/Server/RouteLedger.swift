internal import Bridge
internal import Configuration
internal import SystemCalls

/// The sessions of a route, counted over all workers. A lock is taken when a session begins and ends, never between.
final class RouteLedger: SessionLedger, Sendable {
    /// What one address has.
    private struct Guest {
        var sessions = 0
        /// New sessions that it may still begin, and when that was last filled up.
        var allowance: Double
        var allowanceAt: UInt64
    }

    private struct Counts {
        var sessions = 0
        var guests: [String: Guest] = [:]
        var limits: SessionLimits

        var sessionsMax: Int? { self.limits.connectionsMax.value }
        var perAddressMax: Int? { self.limits.connectionsPerAddressMax.value }
        var rate: Rate? { self.limits.connectRate.value }
    }

    /// Addresses that are remembered without a session, at most; then those with a full allowance are forgotten.
    private static let idleGuestsMax = 4096

    private let counts: Lock<Counts>

    init(_ limits: SessionLimits) { self.counts = Lock(Counts(limits: limits)) }

    /// Other limits from now on; the sessions that are there count.
    func adopt(_ limits: SessionLimits) { self.counts.withLock { $0.limits = limits } }

    func admit(_ client: SocketAddress, now: UInt64) -> Admission {
        self.counts.withLock { counts in
            if let max = counts.sessionsMax, counts.sessions >= max { return .full }
            guard counts.perAddressMax != nil || counts.rate != nil else {
                counts.sessions += 1
                return .admitted
            }
            self.forgetIdleGuests(&counts, now: now)
            let burst = Double(counts.rate?.count ?? 0)
            var guest = counts.guests[client.host] ?? Guest(allowance: burst, allowanceAt: now)
            if let max = counts.perAddressMax, guest.sessions >= max { return .clientIsFull }
            if let rate = counts.rate {
                guest.allowance = Self.allowance(of: guest, rate, now: now)
                guest.allowanceAt = now
                guard guest.allowance >= 1 else {
                    counts.guests[client.host] = guest
                    return .clientIsTooFast
                }
                guest.allowance -= 1
            }
            guest.sessions += 1
            counts.guests[client.host] = guest
            counts.sessions += 1
            return .admitted
        }
    }

    func release(_ client: SocketAddress) {
        self.counts.withLock { counts in
            counts.sessions -= 1
            guard !counts.guests.isEmpty, var guest = counts.guests[client.host] else { return }
            // A session that began before addresses were counted is not among them.
            guest.sessions = max(0, guest.sessions - 1)
            counts.guests[client.host] = guest.sessions == 0 && counts.rate == nil ? nil : guest
        }
    }

    private static func allowance(of guest: Guest, _ rate: Rate, now: UInt64) -> Double {
        let burst = Double(rate.count)
        let earned = Double(now &- guest.allowanceAt) * burst / Double(rate.per.nanoseconds)
        return min(burst, guest.allowance + earned)
    }

    private func forgetIdleGuests(_ counts: inout Counts, now: UInt64) {
        guard let rate = counts.rate, counts.guests.count > counts.sessions + Self.idleGuestsMax else { return }
        counts.guests = counts.guests.filter { _, guest in
            guest.sessions > 0 || Self.allowance(of: guest, rate, now: now) < Double(rate.count)
        }
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
