/// Asks every worker for its numbers, one round at a time.
///
/// A round is over when all have answered, or when its patience is. A worker that owes an answer is not asked again:
/// its mailbox must not fill up while it is stuck, and the answer that it owes is as good as another.
struct RollCall<Answer> {
    /// Nanoseconds that a round takes at most. Below the second that Kubernetes gives a probe, and far above a turn.
    static var patience: UInt64 { 800_000_000 }

    /// Of each worker: what it said last, and whether that was in this round.
    typealias Outcome = (answer: Answer?, isUp: Bool)

    private var latest: [Answer?]
    /// Asked and not yet heard from, in whatever round.
    private var owing: Set<Int> = []
    /// Whom the round under way waits for; nil: none is under way.
    private var missing: Set<Int>?

    init(workers: Int) { self.latest = Array(repeating: nil, count: workers) }

    var isUnderWay: Bool { self.missing != nil }

    /// Begins a round; gives the workers to be asked.
    mutating func begin() -> [Int] {
        precondition(self.missing == nil, "one round at a time")
        let all = self.latest.indices
        self.missing = Set(all)
        let asked = all.filter { !self.owing.contains($0) }
        self.owing.formUnion(asked)
        return asked
    }

    /// An answer came; gives the outcome when it was the last one.
    mutating func take(_ answer: Answer, of worker: Int) -> [Outcome]? {
        guard self.latest.indices.contains(worker) else { return nil }
        self.latest[worker] = answer
        self.owing.remove(worker)
        guard var missing = self.missing else { return nil }
        missing.remove(worker)
        self.missing = missing
        return missing.isEmpty ? self.end() : nil
    }

    /// The patience is over: whoever has not answered counts as silent.
    mutating func end() -> [Outcome] {
        let missing = self.missing ?? []
        self.missing = nil
        return self.latest.indices.map { (self.latest[$0], !missing.contains($0)) }
    }
}
