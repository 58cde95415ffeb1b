internal import Configuration
internal import IOCore
internal import SystemCalls

/// How much memory may wait for slow peers, as a sum that is computed at start.
///
///     per session:  a partial message and a queue each way
///     per worker:   the sessions of all routes x that, at most its share of half of the machine's memory
struct MemorySum {
    let poolBytesMax: Int
    /// What one read may need: the window it fills, kept whole, and the message that begins in it.
    let reserve: Int

    init(_ routes: [RoutePlan], workers: Int, memoryBytes: Int = SystemLimits.memoryBytes) {
        let share = memoryBytes / 2 / workers
        var sum = 0
        var reserve = 0
        for route in routes {
            reserve = max(reserve, 2 * (route.limits.messageSizeMax.bytes + ReceiveWindow.bytesMax))
            let sessions = route.limits.connectionsMax.value ?? Int(Int32.max)
            let (bytes, overflows) = Self.session(route).multipliedReportingOverflow(by: sessions)
            // Clamped at each step, so that the sum itself cannot overflow.
            sum = overflows ? share : min(sum + min(bytes, share), share)
        }
        self.reserve = reserve
        self.poolBytesMax = max(sum, 2 * reserve)
    }

    /// What one session of a route may have waiting.
    static func session(_ route: RoutePlan) -> Int {
        route.limits.messageSizeMax.bytes + 2 * (route.limits.backpressureBytesHigh + ReceiveWindow.bytesMax)
    }
}

extension MemorySum {
    /// What `wsbridge check` says of a plan.
    static func description(_ plan: Plan) -> String {
        let workers = plan.workers ?? SystemLimits.usableCores
        let sum = MemorySum(plan.routes, workers: workers)
        var lines = ["memory that may wait for slow peers, at most"]
        for route in plan.routes {
            lines.append("  a session of \(route.name): \(Self.rounded(Self.session(route)))")
        }
        lines.append("  \(workers) workers: \(Self.rounded(workers * sum.poolBytesMax)) in all")
        return (lines + SecureMemory(plan).lines).joined(separator: "\n")
    }

    /// Whole mebibytes from one on: nobody compares the rest.
    static func rounded(_ bytes: Int) -> ByteCount {
        bytes < 1 << 20 ? ByteCount(bytes: bytes) : .mebibytes(bytes >> 20)
    }
}
