// The numbers of a server as metrics.
extension ServerCount {
    /// The page of metrics, in the text format of Prometheus.
    package var metricsText: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(16 << 10)
        for family in self.metrics { family.append(to: &text) }
        return text
    }

    package var metrics: [MetricFamily] {
        let catalogue = MetricCatalogue.self
        var info = MetricFamily(catalogue.buildInfo)
        info.add([self.version], .count(1 as UInt64))
        return [info, MetricFamily(catalogue.ready, .flag(self.isAccepting))]
            + self.routeMetrics + self.workerMetrics
            + [MetricFamily(catalogue.logLinesDropped, .count(self.logLinesDropped))]
            + self.processMetrics
    }

    private var routeMetrics: [MetricFamily] {
        let catalogue = MetricCatalogue.self
        let routes = self.routes
        func family(_ definition: MetricDefinition, _ value: (RouteTally) -> UInt64) -> MetricFamily {
            var family = MetricFamily(definition)
            for route in routes { family.add([route.route], .count(value(route))) }
            return family
        }
        var limits = MetricFamily(catalogue.sessionsLimit)
        for route in routes { if let max = route.sessionsMax { limits.add([route.route], .count(max)) } }
        return [
            family(catalogue.sessionsOpen, \.sessionsOpen), limits,
            family(catalogue.sessionsStarted, \.sessionsStarted),
            Self.byKind(catalogue.sessionsEnded, routes, \.sessionsEnded, CloseGroup.all, \.label),
            Self.byKind(catalogue.handshakesRefused, routes, \.handshakesRefused, Self.routeStatuses, \.description),
            Self.byKind(
                catalogue.requestsAnswered, routes, \.requestsAnswered, StatusGroup.allCases, \.rawValue),
            self.refusedRequests,
            family(catalogue.messagesReceived, \.moved.messagesReceived),
            family(catalogue.messagesSent, \.moved.messagesSent),
            family(catalogue.payloadReceived, \.moved.bytesReceived),
            family(catalogue.payloadSent, \.moved.bytesSent),
            Self.byKind(catalogue.pauses, routes, \.pauses, Direction.allCases, \.rawValue),
            family(catalogue.childrenRunning, \.children.running),
            family(catalogue.childrenStarted, \.children.started),
            family(catalogue.childStartFailures, \.children.startFailures),
            Self.byKind(catalogue.childrenEnded, routes, \.children.ended, ChildOutcome.allCases, \.rawValue),
            family(catalogue.upstreamConnected, \.upstream.connected),
            self.upstreamConnectTime,
            Self.byKind(
                catalogue.upstreamFailures, routes, \.upstream.failures, UpstreamFailure.allCases, \.rawValue),
        ]
    }

    /// Those that occur in practice are there from the start, so that a first one is seen as a rise: a series that
    /// appears with 1 has not risen for Prometheus.
    private static let routeStatuses: [UInt16] = [400, 403, 404, 429, 502, 503, 504]
    private static let requestStatuses: [UInt16] = [400, 408, 414, 421, 426, 431]

    private static func byKind<Kind: Hashable>(
        _ definition: MetricDefinition, _ routes: [RouteTally], _ tally: (RouteTally) -> Tally<Kind>,
        _ expected: [Kind], _ label: (Kind) -> String
    ) -> MetricFamily {
        var family = MetricFamily(definition)
        for route in routes {
            let tally = tally(route)
            for kind in expected + Self.unexpected(tally, expected, label) {
                family.add([route.route, label(kind)], .count(tally[kind]))
            }
        }
        return family
    }

    private static func unexpected<Kind: Hashable>(
        _ tally: Tally<Kind>, _ expected: [Kind], _ label: (Kind) -> String
    ) -> [Kind] {
        tally.kinds.filter { !expected.contains($0) }.sorted { label($0) < label($1) }
    }

    private var upstreamConnectTime: MetricFamily {
        var family = MetricFamily(MetricCatalogue.upstreamConnectTime)
        for route in self.routes { family.add([route.route], .nanoseconds(route.upstream.connectNanoseconds)) }
        return family
    }

    private var refusedRequests: MetricFamily {
        var family = MetricFamily(MetricCatalogue.requestsRefused)
        let refused = self.requestsRefused
        for status in Self.requestStatuses + Self.unexpected(refused, Self.requestStatuses, \.description) {
            family.add([status.description], .count(refused[status]))
        }
        return family
    }

    private var workerMetrics: [MetricFamily] {
        let catalogue = MetricCatalogue.self
        func family(_ definition: MetricDefinition, _ value: (WorkerTally) -> MetricValue) -> MetricFamily {
            var family = MetricFamily(definition)
            for (index, worker) in self.workers.enumerated() {
                if let tally = worker.tally { family.add([index.description], value(tally)) }
            }
            return family
        }
        var up = MetricFamily(catalogue.workerUp)
        for (index, worker) in self.workers.enumerated() { up.add([index.description], .flag(worker.isUp)) }
        return [
            up,
            family(catalogue.workerCPU) { .nanoseconds($0.cpuNanoseconds) },
            family(catalogue.connectionsOpen) { .count($0.connectionsOpen) },
            family(catalogue.connectionsAccepted) { .count($0.connectionsAccepted) },
            family(catalogue.poolUsed) { .count($0.poolBytesUsed) },
            family(catalogue.poolLimit) { .count($0.poolBytesMax) },
        ]
    }

    private var processMetrics: [MetricFamily] {
        let catalogue = MetricCatalogue.self
        return [
            MetricFamily(catalogue.processCPU, .nanoseconds(self.process.cpuNanoseconds)),
            MetricFamily(catalogue.processResident, .count(self.process.residentBytes)),
            MetricFamily(catalogue.processVirtual, .count(self.process.virtualBytes)),
            MetricFamily(catalogue.processDescriptors, .count(self.process.descriptorsOpen)),
            MetricFamily(catalogue.processDescriptorsMax, .count(self.process.descriptorsMax)),
            MetricFamily(catalogue.processStart, .nanoseconds(self.startedAt)),
        ]
    }
}
