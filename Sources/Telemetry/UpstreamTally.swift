/// Why there was no connection to a server, as a metric knows it.
package enum UpstreamFailure: String, CaseIterable, Hashable, Sendable {
    case unreachable
    case timedOut = "timed_out"
    /// All servers of the route were full or left out.
    case unavailable
    case unknownToken = "unknown_token"
}

/// What a route counted of its connections to servers.
package struct UpstreamTally: Equatable, Sendable {
    /// Those that were made for a session or a request; one that had waited was counted when it was made.
    package var connected: UInt64 = 0
    /// How long these took, all together.
    package var connectNanoseconds: UInt64 = 0
    package var failures = Tally<UpstreamFailure>()

    package init() {}

    mutating func add(_ other: UpstreamTally) {
        self.connected &+= other.connected
        self.connectNanoseconds &+= other.connectNanoseconds
        self.failures.add(other.failures)
    }
}
