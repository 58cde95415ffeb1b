package import SystemCalls

/// One rung of a teardown: what is done, and how long the child then has before the next one.
package struct TeardownRung: Equatable, Sendable {
    package enum Measure: Equatable, Sendable {
        case closeInput
        case signalGroup(Signal)
    }

    package let measure: Measure
    /// Nanoseconds.
    package let patience: UInt64

    package init(_ measure: Measure, patience: UInt64) {
        self.measure = measure
        self.patience = patience
    }
}

/// Ends a child that no longer has a client: each rung is tried in turn until the child is gone.
///
/// It is data: the same list is configured, documented and walked.
struct TeardownLadder {
    /// Of the rungs that a route has, how many were tried. A ladder has three.
    private var next: UInt8 = 0

    /// Whether a signal of ours may be why the child ended.
    func hasSignalled(on rungs: [TeardownRung]) -> Bool {
        rungs.prefix(Int(self.next)).contains { if case .signalGroup = $0.measure { true } else { false } }
    }

    var hasBegun: Bool { self.next > 0 }

    /// The next rung, nil after the last.
    mutating func climb(_ rungs: [TeardownRung]) -> TeardownRung? {
        guard self.next < rungs.count, self.next < .max else { return nil }
        defer { self.next += 1 }
        return rungs[Int(self.next)]
    }
}
