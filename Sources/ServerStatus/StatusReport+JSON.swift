extension StatusReport {
    /// For machines: one object in one line.
    package var json: String {
        JSONValue.object([
            ("version", .string(self.version)),
            ("ready", .boolean(self.isReady)),
            ("started_at", .number(self.startedAt)),
            ("cpu_seconds", .number(self.cpuSeconds)),
            ("resident_bytes", .count(self.residentBytes)),
            ("descriptors_open", .count(self.descriptorsOpen)),
            ("descriptors_max", .count(self.descriptorsMax)),
            ("log_lines_dropped", .count(self.logLinesDropped)),
            ("requests_refused", .counts(self.requestsRefused)),
            ("routes", .array(self.routes.map(\.json))),
            ("workers", .array(self.workers.map(\.json))),
        ]).text
    }
}

extension StatusReport.Route {
    fileprivate var json: JSONValue {
        .object([
            ("route", .string(self.name)),
            ("sessions_open", .count(self.sessionsOpen)),
            ("sessions_limit", self.sessionsLimit.map { .count($0) } ?? .null),
            ("sessions_started", .count(self.sessionsStarted)),
            ("sessions_ended", .counts(self.sessionsEnded)),
            ("handshakes_refused", .counts(self.handshakesRefused)),
            ("requests_answered", .counts(self.requestsAnswered)),
            ("messages_received", .count(self.messagesReceived)),
            ("messages_sent", .count(self.messagesSent)),
            ("bytes_received", .count(self.bytesReceived)),
            ("bytes_sent", .count(self.bytesSent)),
            ("children_running", .count(self.childrenRunning)),
            ("children_start_failures", .count(self.childStartFailures)),
            ("children_ended", .counts(self.childrenEnded)),
            ("upstream_connections", .count(self.upstreamConnections)),
            ("upstream_connect_failures", .counts(self.upstreamFailures)),
        ])
    }
}

extension StatusReport.Worker {
    fileprivate var json: JSONValue {
        .object([
            ("worker", .string(self.number)),
            ("up", .boolean(self.isUp)),
            ("connections", .count(self.connections)),
            ("cpu_seconds", .number(self.cpuSeconds)),
            ("pool_used_bytes", .count(self.poolBytesUsed)),
            ("pool_limit_bytes", .count(self.poolBytesLimit)),
        ])
    }
}

extension JSONValue {
    /// `{"1000":3,"1006":1}`
    fileprivate static func counts(_ counted: [StatusReport.Counted]) -> JSONValue {
        .object(counted.map { ($0.kind, .count($0.count)) })
    }
}
