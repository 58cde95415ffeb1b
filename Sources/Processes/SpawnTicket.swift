internal import Synchronization

/// The way back from a submitted request.
package final class SpawnTicket: Sendable {
    private let cancelled = Atomic(false)

    /// From any thread: if the request's turn has not come, no child is started and the answer is
    /// `.cancelled`. Otherwise the child arrives as if nothing had been said, and its owner ends it.
    package func cancel() { self.cancelled.store(true, ordering: .relaxed) }

    var isCancelled: Bool { self.cancelled.load(ordering: .relaxed) }
}
