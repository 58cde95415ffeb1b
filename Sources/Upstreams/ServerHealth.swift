/// When a server is left out because connections to it fail; all times are nanoseconds.
package struct EjectionSettings: Equatable, Sendable {
    /// Failures in a row before it is left out: one may be chance or the moment of a restart.
    package var failuresMax = 3
    /// How long it is left out for the first time: a service that is restarted is back by then.
    package var spanFirst: UInt64 = 10_000_000_000
    /// Each trial that fails doubles the time, up to this one: a server that is repaired waits five minutes at most.
    package var spanMax: UInt64 = 300_000_000_000

    package init() {}
}

/// What the connections to one server told about it.
///
///     good ──failures in a row──▶ out ──time is over, a client comes──▶ trial ──it connects──▶ good
///                                  ▲                                      │
///                                  └──────────── it fails: twice as long ─┘
package enum ServerHealth: Equatable, Sendable {
    case good(failures: Int)
    case out(until: UInt64, span: UInt64)
    /// One client tries it, and nobody else.
    case trial(span: UInt64)

    package static let new = ServerHealth.good(failures: 0)

    package enum Change: Equatable, Sendable {
        /// Left out for so many nanoseconds.
        case ejected(for: UInt64)
        case returned
    }

    /// Whether a client may be sent there.
    package func admits(now: UInt64) -> Bool {
        switch self {
        case .good: true
        case .out(let until, _): now >= until
        case .trial: false
        }
    }

    /// A client is sent there; true when its connection is the trial.
    package mutating func begin(now: UInt64) -> Bool {
        switch self {
        case .good, .trial: return false
        case .out(let until, let span):
            guard now >= until else { return false }
            self = .trial(span: span)
            return true
        }
    }

    /// A connection stands.
    package mutating func succeeded() -> Change? {
        let before = self
        self = .new
        switch before {
        case .good: return nil
        case .out, .trial: return .returned
        }
    }

    package mutating func failed(isTrial: Bool, now: UInt64, _ settings: EjectionSettings) -> Change? {
        switch self {
        case .good(let failures):
            guard failures + 1 >= settings.failuresMax else {
                self = .good(failures: failures + 1)
                return nil
            }
            return self.eject(for: settings.spanFirst, now: now)
        case .trial(let span):
            guard isTrial else { return nil }
            let (twice, overflows) = span.multipliedReportingOverflow(by: 2)
            return self.eject(for: overflows ? settings.spanMax : min(twice, settings.spanMax), now: now)
        case .out:
            // It began before the others had failed.
            return nil
        }
    }

    /// The client left before it was decided: the next one may try.
    package mutating func calledOff(isTrial: Bool, now: UInt64) {
        guard isTrial, case .trial(let span) = self else { return }
        self = .out(until: now, span: span)
    }

    private mutating func eject(for span: UInt64, now: UInt64) -> Change {
        self = .out(until: now &+ span, span: span)
        return .ejected(for: span)
    }
}
