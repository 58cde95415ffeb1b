internal import Configuration
internal import IOCore
internal import SystemCalls

/// How much memory may wait for slow peers, as a sum that is computed at start.
///
///     per session:  a partial message and a queue each way
///     per worker:   sessions x that, at most its share of half of the machine's memory
struct MemorySum {
    let poolBytesMax: Int
    /// What one read may need: the window it fills, kept whole, and the message that begins in it.
    let reserve: Int

    init(_ route: RoutePlan, workers: Int) {
        let message = route.limits.messageSizeMax.bytes
        let queue = route.limits.backpressureBytesHigh + ReceiveWindow.bytesMax
        let session = message + 2 * queue
        self.reserve = 2 * (message + ReceiveWindow.bytesMax)
        let sessions = route.limits.connectionsMax.value ?? Int(Int32.max)
        let share = SystemLimits.memoryBytes / 2 / workers
        let (sum, overflows) = session.multipliedReportingOverflow(by: sessions)
        self.poolBytesMax = max(overflows ? share : min(sum, share), 2 * self.reserve)
    }
}
