internal import SystemCalls

/// What one benchmark took: every round by itself, in nanoseconds of this thread's processor time.
///
/// Processor time leaves out what others did on the core meanwhile. They still slow it down, by caches and by the
/// sibling thread, so that the minimum is the figure to trust and the median tells how quiet the machine was.
struct Measurement {
    /// Long against the clock's own cost and against one tick of the scheduler.
    static let roundNanoseconds: UInt64 = 50_000_000
    /// An operation that is this fast has been left out by the compiler; the count must end somewhere.
    private static let operationsMax = 1 << 30

    let benchmark: Benchmark
    /// Operations in each round.
    let operations: Int
    /// Of the rounds in ascending order, never empty.
    private let nanoseconds: [UInt64]

    init(of benchmark: Benchmark, rounds: Int) throws(WrongAnswer) {
        let operations = try Self.operationsInARound(of: benchmark)
        var nanoseconds: [UInt64] = []
        for _ in 0..<rounds { nanoseconds.append(try Self.time(operations, of: benchmark)) }
        self.benchmark = benchmark
        self.operations = operations
        self.nanoseconds = nanoseconds.sorted()
    }

    /// Of one operation, in the fastest round.
    var minimum: Double { Double(self.nanoseconds.first ?? 0) / Double(self.operations) }

    /// Of one operation, in the round in the middle.
    var median: Double { Double(self.nanoseconds[self.nanoseconds.count / 2]) / Double(self.operations) }

    /// Payload in the fastest round.
    var bytesPerSecond: Double? {
        guard let bytes = self.benchmark.bytes, self.minimum > 0 else { return nil }
        return Double(bytes) * 1e9 / self.minimum
    }

    /// Doubles the count until it can be told how many fill a round; the caches are warm then, too.
    private static func operationsInARound(of benchmark: Benchmark) throws(WrongAnswer) -> Int {
        var operations = 1
        while operations < Self.operationsMax {
            let elapsed = try Self.time(operations, of: benchmark)
            if elapsed >= Self.roundNanoseconds / 10 {
                let fitting = Double(operations) * Double(Self.roundNanoseconds) / Double(elapsed)
                return max(1, Int(min(fitting, Double(Self.operationsMax))))
            }
            operations *= 2
        }
        return operations
    }

    private static func time(_ operations: Int, of benchmark: Benchmark) throws(WrongAnswer) -> UInt64 {
        let begin = Clock.thread
        try benchmark.perform(operations)
        return Clock.thread &- begin
    }
}
