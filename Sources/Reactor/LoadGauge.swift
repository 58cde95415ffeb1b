internal import Synchronization

/// How many descriptors a worker waits for: written by it once a turn, read by the others when they accept.
package final class LoadGauge: Sendable {
    private let registrations = Atomic<Int>(0)

    package init() {}

    package var value: Int { self.registrations.load(ordering: .relaxed) }

    func publish(_ count: Int) {
        if self.value != count { self.registrations.store(count, ordering: .relaxed) }
    }
}
