internal import Telemetry

extension StatusReport {
    /// nil when these are no metrics of wsbridge.
    init?(_ reading: MetricsReading) {
        guard let version = reading.all("wsbridge_build_info").first?.label("version") else { return nil }
        let source = Source(reading: reading)
        self.version = version
        self.isReady = source.number("wsbridge_ready") == 1
        self.startedAt = source.amount("process_start_time_seconds")
        self.cpuSeconds = source.amount("process_cpu_seconds_total")
        self.residentBytes = source.number("process_resident_memory_bytes")
        self.descriptorsOpen = source.number("process_open_fds")
        self.descriptorsMax = source.number("process_max_fds")
        self.logLinesDropped = source.number("wsbridge_log_lines_dropped_total")
        self.requestsRefused = source.counted("wsbridge_requests_refused_total", by: "status")
        self.routes = reading.all("wsbridge_sessions_open").compactMap { sample in
            sample.label("route").map { Route($0, source) }
        }
        self.workers = reading.all("wsbridge_worker_up").compactMap { sample in
            sample.label("worker").map { Worker($0, isUp: sample.value == 1, source) }
        }
    }
}

extension StatusReport.Route {
    fileprivate init(_ name: String, _ source: Source) {
        func number(_ metric: String) -> UInt64 { source.number(metric, "route", name) }
        func counted(_ metric: String, by kind: String) -> [StatusReport.Counted] {
            source.counted(metric, by: kind, "route", name)
        }
        self.name = name
        self.sessionsOpen = number("wsbridge_sessions_open")
        self.sessionsLimit = source.sample("wsbridge_sessions_limit", "route", name).map { Source.whole($0.value) }
        self.sessionsStarted = number("wsbridge_sessions_started_total")
        self.sessionsEnded = counted("wsbridge_sessions_ended_total", by: "code")
        self.handshakesRefused = counted("wsbridge_handshakes_refused_total", by: "status")
        self.requestsAnswered = counted("wsbridge_requests_answered_total", by: "status")
        self.messagesReceived = number("wsbridge_messages_received_total")
        self.messagesSent = number("wsbridge_messages_sent_total")
        self.bytesReceived = number("wsbridge_payload_received_bytes_total")
        self.bytesSent = number("wsbridge_payload_sent_bytes_total")
        self.childrenRunning = number("wsbridge_children_running")
        self.childStartFailures = number("wsbridge_children_start_failures_total")
        self.childrenEnded = counted("wsbridge_children_ended_total", by: "outcome")
        self.upstreamConnections = number("wsbridge_upstream_connections_total")
        self.upstreamFailures = counted("wsbridge_upstream_connect_failures_total", by: "reason")
    }
}

extension StatusReport.Worker {
    fileprivate init(_ number: String, isUp: Bool, _ source: Source) {
        self.number = number
        self.isUp = isUp
        self.connections = source.number("wsbridge_connections_open", "worker", number)
        self.cpuSeconds = source.amount("wsbridge_worker_cpu_seconds_total", "worker", number)
        self.poolBytesUsed = source.number("wsbridge_pool_used_bytes", "worker", number)
        self.poolBytesLimit = source.number("wsbridge_pool_limit_bytes", "worker", number)
    }
}

/// Finds values; what an older or a newer server does not tell is 0.
private struct Source {
    let reading: MetricsReading

    /// The one sample of a metric, or the one with this label.
    func sample(_ metric: String, _ label: String? = nil, _ value: String? = nil) -> MetricsReading.Sample? {
        self.reading.samples.first { sample in
            sample.name == metric && (label.map { sample.label($0) == value } ?? true)
        }
    }

    func number(_ metric: String, _ label: String? = nil, _ value: String? = nil) -> UInt64 {
        Self.whole(self.amount(metric, label, value))
    }

    func amount(_ metric: String, _ label: String? = nil, _ value: String? = nil) -> Double {
        let amount = self.sample(metric, label, value)?.value ?? 0
        return amount.isFinite ? amount : 0
    }

    /// The kinds that came at all, in the order of the page.
    func counted(
        _ metric: String, by kind: String, _ label: String? = nil, _ value: String? = nil
    ) -> [StatusReport.Counted] {
        self.reading.all(metric).compactMap { sample in
            guard label.map({ sample.label($0) == value }) ?? true, let kind = sample.label(kind) else { return nil }
            let count = Self.whole(sample.value)
            return count > 0 ? StatusReport.Counted(kind: kind, count: count) : nil
        }
    }

    /// Somebody else's number: it may be anything.
    static func whole(_ value: Double) -> UInt64 {
        guard value.isFinite, value > 0 else { return 0 }
        return value < 9e18 ? UInt64(value) : UInt64(Int64.max)
    }
}
