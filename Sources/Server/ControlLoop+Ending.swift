internal import Configuration
internal import Processes
internal import Reactor
internal import SystemCalls
internal import Telemetry

// How the server goes away: at a signal, or because a successor serves in its place.
extension ControlLoop {
    func end(_ signal: Signal) {
        switch self.phase {
        case .serving:
            let fields = [LogField("signal", .string(signal.description))]
            self.shared.log.write(.info, "draining; a second signal stops at once", fields)
            self.service.stopping()
            self.predecessor?.dismiss()
            self.handover?.callOff()
            self.depart(.stopping)
        case .leaving:
            self.drainAll()
        case .closing, .draining, .over:
            self.stop()
        }
    }

    func depart(_ departure: Departure) {
        self.reactor.gatheringMilliseconds = 0
        self.phase = .closing(workersLeft: Set(0..<self.workers), departure)
        self.census.isAccepting = false
        for mailbox in self.shared.mailboxes { mailbox.post(.stopAccepting(departure)) }
        let deadline = self.reactor.now &+ self.reload.drainTimeout
        switch departure {
        case .stopping: self.reactor.startAlarm(at: deadline) { self.giveUp() }
        case .leaving: self.reactor.startAlarm(at: deadline) { self.drainAll() }
        }
    }

    func noteClosing(_ worker: Int) {
        guard case .closing(var left, let departure) = self.phase else { return }
        left.remove(worker)
        self.phase = .closing(workersLeft: left, departure)
        guard left.isEmpty else { return }
        switch departure {
        case .stopping: self.drain()
        case .leaving:
            self.phase = .leaving(workersLeft: Set(0..<self.workers))
            for mailbox in self.shared.mailboxes { mailbox.post(.leave) }
        }
    }

    func noteDrained(_ worker: Int) {
        switch self.phase {
        case .leaving(var left):
            left.remove(worker)
            self.phase = .leaving(workersLeft: left)
        case .draining(var left):
            left.remove(worker)
            self.phase = .draining(workersLeft: left)
        case .serving, .closing, .over: return
        }
        self.endIfDrained()
    }

    private func drain() {
        self.phase = .draining(workersLeft: Set(0..<self.workers))
        for mailbox in self.shared.mailboxes { mailbox.post(.drain) }
    }

    /// A successor serves, and sessions that are still here have had their time: they hear 1001 now.
    func drainAll() {
        switch self.phase {
        case .closing, .leaving:
            self.drain()
            let patience = min(self.reload.drainTimeout, Plan.drainTimeoutStandard.nanoseconds)
            self.reactor.startAlarm(at: self.reactor.now &+ patience) { self.giveUp() }
        case .serving, .draining, .over: break
        }
    }

    private func giveUp() {
        if case .over = self.phase { return }
        self.shared.log.write(.warning, "drain timeout: sessions are cut off", [])
        self.stop()
    }

    func stop() {
        self.phase = .over
        self.reactor.stop()
    }

    func endIfDrained() {
        switch self.phase {
        case .draining(let left), .leaving(let left):
            guard left.isEmpty, self.undertaker.isEmpty, self.predecessor?.isGone ?? true else { return }
            self.stop()
        case .serving, .closing, .over: break
        }
    }
}
