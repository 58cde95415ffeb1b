internal import Configuration

extension StatusReport {
    /// For people.
    ///
    /// - Parameter now: seconds since 1970-01-01 00:00 UTC.
    package func table(now: Double) -> String {
        var paragraphs = [self.head(now: now), self.routeTable.lines]
        let details = self.routes.flatMap(\.details)
        if !details.isEmpty { paragraphs.append(details) }
        paragraphs.append(self.workerTable.lines)
        paragraphs.append(self.remarks)
        return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
            .split(separator: "\n", omittingEmptySubsequences: false).map { String($0).controlsEscaped }
            .joined(separator: "\n")
    }

    private func head(now: Double) -> [String] {
        let state = self.isReady ? "ready" : "draining"
        let uptime = Quantity.duration(seconds: now - self.startedAt)
        return [
            "wsbridge \(self.version): \(state), up \(uptime)",
            """
            \(Quantity.bytes(self.residentBytes)) resident, \(Quantity.seconds(self.cpuSeconds)) of processor time, \
            \(self.descriptorsOpen) of \(self.descriptorsMax) descriptors
            """,
        ]
    }

    private var routeTable: TextTable {
        var table = TextTable([
            "route", "open", "limit", "opened", "programs", "messages in", "messages out", "payload in", "payload out",
        ])
        for route in self.routes {
            table.add([
                route.name, "\(route.sessionsOpen)", route.sessionsLimit?.description ?? "-",
                "\(route.sessionsStarted)", "\(route.childrenRunning)",
                "\(route.messagesReceived)", "\(route.messagesSent)",
                Quantity.bytes(route.bytesReceived), Quantity.bytes(route.bytesSent),
            ])
        }
        return table
    }

    private var workerTable: TextTable {
        var table = TextTable(["worker", "connections", "processor", "waiting", "of"])
        for worker in self.workers {
            table.add([
                worker.number, "\(worker.connections)", Quantity.seconds(worker.cpuSeconds),
                Quantity.bytes(worker.poolBytesUsed), Quantity.bytes(worker.poolBytesLimit),
            ])
        }
        return table
    }

    /// What somebody should look into.
    private var remarks: [String] {
        var remarks = self.workers.filter { !$0.isUp }
            .map { "worker \($0.number) does not answer: its numbers are old" }
        if !self.requestsRefused.isEmpty {
            remarks.append("refused before a route: \(Self.list(self.requestsRefused, "status "))")
        }
        if self.logLinesDropped > 0 {
            remarks.append("\(self.logLinesDropped) log lines were lost: standard error is not read")
        }
        return remarks
    }

    /// `status 403: 2, status 429: 7`
    fileprivate static func list(_ counted: [Counted], _ word: String) -> String {
        counted.map { "\(word)\($0.kind): \($0.count)" }.joined(separator: ", ")
    }
}

extension StatusReport.Route {
    /// What ended, and what did not come about.
    fileprivate var details: [String] {
        var details: [String] = []
        if !self.sessionsEnded.isEmpty {
            details.append("\(self.name) closed with \(StatusReport.list(self.sessionsEnded, ""))")
        }
        if !self.handshakesRefused.isEmpty {
            details.append("\(self.name) refused with \(StatusReport.list(self.handshakesRefused, "status "))")
        }
        if !self.requestsAnswered.isEmpty {
            details.append("\(self.name) answered requests with \(StatusReport.list(self.requestsAnswered, ""))")
        }
        if !self.childrenEnded.isEmpty {
            details.append("\(self.name) programs ended by \(StatusReport.list(self.childrenEnded, ""))")
        }
        if self.childStartFailures > 0 {
            details.append("\(self.name) programs that did not start: \(self.childStartFailures)")
        }
        if !self.upstreamFailures.isEmpty {
            details.append("\(self.name) without a server: \(StatusReport.list(self.upstreamFailures, ""))")
        }
        return details
    }
}
