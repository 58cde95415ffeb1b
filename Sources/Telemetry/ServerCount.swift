/// What a worker says when it is asked.
package struct WorkerTally: Equatable, Sendable {
    /// Processor time of its thread, in nanoseconds.
    package var cpuNanoseconds: UInt64 = 0
    package var connectionsAccepted: UInt64 = 0
    package var connectionsOpen = 0
    /// Bytes of its pool that wait for somebody, and how many may.
    package var poolBytesUsed = 0
    package var poolBytesMax = 0
    /// Requests refused before they came to a route, by status.
    package var requestsRefused = Tally<UInt16>()
    package var routes: [RouteTally] = []

    package init() {}
}

/// What the kernel says about the process.
package struct ProcessTally: Equatable, Sendable {
    package var cpuNanoseconds: UInt64 = 0
    package var residentBytes: UInt64 = 0
    package var virtualBytes: UInt64 = 0
    package var descriptorsOpen: UInt64 = 0
    package var descriptorsMax: UInt64 = 0

    package init() {}
}

/// The numbers of the whole server at one moment.
package struct ServerCount: Equatable, Sendable {
    package struct Worker: Equatable, Sendable {
        /// It answered in time; else `tally` is what it said last.
        package var isUp: Bool
        /// nil: it never answered.
        package var tally: WorkerTally?

        package init(isUp: Bool, tally: WorkerTally?) {
            self.isUp = isUp
            self.tally = tally
        }
    }

    package var version: String
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    package var startedAt: UInt64
    package var isAccepting = true
    package var logLinesDropped: UInt64 = 0
    package var process = ProcessTally()
    package var workers: [Worker] = []

    package init(version: String, startedAt: UInt64) {
        self.version = version
        self.startedAt = startedAt
    }

    /// Workers that did not answer in time.
    package var silentWorkers: [Int] { self.workers.indices.filter { !self.workers[$0].isUp } }

    /// Each route once, its workers added up.
    package var routes: [RouteTally] {
        var sums: [RouteTally] = []
        for tally in self.workers.compactMap(\.tally).flatMap(\.routes) {
            if let index = sums.firstIndex(where: { $0.route == tally.route }) {
                sums[index].add(tally)
            } else {
                sums.append(tally)
            }
        }
        return sums
    }

    /// Requests refused before they came to a route, over all workers.
    package var requestsRefused: Tally<UInt16> {
        var sum = Tally<UInt16>()
        for worker in self.workers { if let tally = worker.tally { sum.add(tally.requestsRefused) } }
        return sum
    }
}
