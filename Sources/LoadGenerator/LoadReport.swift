/// What a run came to. Times are nanoseconds.
package struct LoadReport: Sendable {
    package var settings: LoadSettings
    package var opened = 0
    package var connectTimes = LatencyHistogram()
    package var sent: UInt64 = 0
    package var received: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    /// From the first message to the last answer.
    package var elapsed: UInt64 = 0
    package var latencies = LatencyHistogram()
    /// By kind.
    package var errors: [String: Int] = [:]

    package init(_ settings: LoadSettings) { self.settings = settings }

    package mutating func note(_ kind: String, count: Int = 1) {
        if count > 0 { self.errors[kind, default: 0] += count }
    }

    package var isGood: Bool { self.errors.isEmpty && self.opened == self.settings.connections }

    static let quantiles: [(name: String, share: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999),
    ]

    var seconds: Double { Double(self.elapsed) / 1e9 }
    var messagesPerSecond: Double { self.elapsed > 0 ? Double(self.received) / self.seconds : 0 }
    var bytesPerSecond: Double { self.elapsed > 0 ? Double(self.bytesReceived) / self.seconds : 0 }
}
