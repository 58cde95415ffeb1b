internal import Configuration
internal import Reactor
internal import SystemCalls
internal import Telemetry

// SIGHUP: a whole new plan, or no change at all.
//
//     read and check ─▶ bind what is new ─▶ every worker adopts: listens there, leaves what is gone ─▶ say what changed
//           └── anything wrong: every diagnostic in the log, and everything goes on as it was
extension ControlLoop {
    func startReload() {
        let log = self.shared.log
        // Files of certificates are read again whatever becomes of the plan. A file's own check tells what is doubtful.
        if case .spreading = self.reload.phase {} else {
            self.keepers.reload(log, tellsDoubts: !self.reload.source.isFile)
        }
        guard case .idle = self.reload.phase else {
            self.reload.isWanted = true
            return
        }
        guard self.handover == nil else { return log.write(.warning, "not reloaded: an upgrade is under way") }
        switch self.reload.source {
        case .commandLine:
            let hasMaps = self.upstreams.reload()
            guard self.keepers.isEmpty, !hasMaps else { return }
            log.write(
                .warning, "nothing to reload: the options came from the command line; --config FILE can be reloaded")
        case .file(let request):
            self.service.reloading(now: Clock.monotonic)
            do throws(LoadFailure) {
                self.put(try request.load(), from: request)
            } catch {
                for line in error.lines { log.write(.error, line) }
                let count = error.lines.count == 1 ? "1 error" : "\(error.lines.count) errors"
                self.refuse(
                    request, "\(count); the server goes on as before",
                    status: error.lines.first)
            }
        }
    }

    private func put(_ loaded: LoadedPlan, from request: FileRequest) {
        let log = self.shared.log
        for line in loaded.warningLines { log.write(.warning, line) }
        let plan = self.reload.handed.resolved(loaded.plan)
        do throws(ServerFailure) {
            let before = self.reload.generation
            let keepers = try TLSKeepers(plan.listeners, after: self.keepers)
            let (next, step) = try self.reload.prepare(
                plan, workers: self.workers, keepers: keepers, log: log)
            let changes = Changes(from: before.plan, to: plan).description
            if (plan.workers ?? self.workers) != self.workers {
                log.write(.warning, "the number of workers stays until the server is started anew")
            }
            log.change(plan.log)
            next.activate()
            self.reload.adopt(next)
            self.reload.phase = .spreading(
                workersLeft: Set(0..<self.workers), leaving: step.leaving, changes: changes)
            for mailbox in self.shared.mailboxes { mailbox.post(.adopt(next)) }
            keepers.succeed(self.keepers, self.reactor, log: log)
            self.keepers = keepers
            self.upstreams.adopt(next)
            let arriving = next.entrances.filter { one in step.arriving.contains { $0.number == one.number } }
            Announcement(next.plan, arriving).write(to: log)
            self.changeMetrics()
        } catch {
            self.refuse(request, loaded.line(error))
        }
    }

    private func changeMetrics() {
        let generation = self.reload.generation
        if let metrics = self.metrics, metrics.number == generation.metrics?.number {
            return metrics.adopt(generation.plan)
        }
        self.metrics?.close()
        self.metrics = nil
        do throws(Errno) {
            try self.openMetrics()
            generation.metrics?.announceMetrics(to: self.shared.log)
        } catch {
            self.shared.log.write(
                .error, "cannot listen for metrics", [LogField("reason", .string(error.description))])
        }
    }

    func openMetrics() throws(Errno) {
        let generation = self.reload.generation
        self.metrics = try generation.metrics.map { entrance throws(Errno) in
            try MetricsEntrance(
                entrance, generation.plan, insight: self.census, reactor: self.reactor, log: self.shared.log)
        }
    }

    /// `status` is what the service manager shows, where that is more than the reason.
    private func refuse(_ request: FileRequest, _ reason: String, status: String? = nil) {
        self.service.reloaded(trouble: status ?? reason)
        self.shared.log.write(
            .error, "not reloaded", [LogField("file", .string(request.path)), LogField("reason", .string(reason))])
    }

    func noteAdoption(_ worker: Int) {
        guard case .spreading(var left, let leaving, let changes) = self.reload.phase else { return }
        left.remove(worker)
        guard left.isEmpty else {
            self.reload.phase = .spreading(workersLeft: left, leaving: leaving, changes: changes)
            return
        }
        self.reload.phase = .idle
        self.service.reloaded(trouble: nil)
        for entrance in leaving { Binding.removeFile(of: entrance.address) }
        self.shared.log.write(.info, "reloaded", [LogField("changes", .string(changes))])
        guard self.reload.isWanted else { return }
        self.reload.isWanted = false
        self.startReload()
    }
}
