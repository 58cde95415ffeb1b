internal import Buffers
internal import Configuration
internal import Dialing
internal import IOCore
internal import Processes
internal import Reactor
internal import SystemCalls
internal import Telemetry

/// The main thread: starts the workers, hears signals, buries what children leave behind, and decides when it is over.
///
///     serving ──SIGTERM, SIGINT──▶ closing ──no listener left──▶ draining ──all sessions gone──▶ over
///        │                            └── drain timeout, or a second signal ──┴────────────────────▲
///        └─a successor serves─▶ closing ─▶ leaving ──drain timeout──▶ draining                     │
///                                             └──────────all sessions gone──────────────────────────┘
final class ControlLoop {
    enum Phase: Equatable {
        case serving
        /// No session is told before the last listener is closed: a client that hears 1001 and comes back at once must
        /// not be let in here again.
        case closing(workersLeft: Set<Int>, Departure)
        /// Sessions go on; who comes is served by the successor.
        case leaving(workersLeft: Set<Int>)
        case draining(workersLeft: Set<Int>)
        case over
    }

    let reactor: Reactor
    private let guardian: Guardian
    let shared: Shared
    let workers: Int
    var reload: Reload
    var keepers: TLSKeepers
    var undertaker: Undertaker
    var phase = Phase.serving
    private var threads: [JoinableThread] = []
    /// What the process ends with: 0, unless a worker could not start.
    private var exitCode: Int32 = 0
    private var tending: Alarm?
    /// True while a look at what children left is due at the end of the turn.
    private var willTend = false
    let service = ServiceNotifier()
    var handover: Handover?
    private(set) var predecessor: Predecessor?
    let census: WorkerCensus
    let upstreams: UpstreamKeeper
    var metrics: MetricsEntrance?

    init(
        _ generation: Generation, source: PlanSource, openFiles: SystemCalls.ResourceLimit, log: Log, workers: Int,
        keepers: TLSKeepers, handed: HandedSockets
    ) throws(Errno) {
        // First of all: the guardian's memory is a copy of ours, and it must not inherit a thread's lock.
        let live = LiveChildren()
        self.guardian = try Guardian(over: live.marks)
        let spawner = try Spawner(guardian: self.guardian, live: live)
        self.undertaker = try Undertaker(live: live, guardian: self.guardian)
        self.workers = workers
        self.reload = Reload(generation, source: source, openFiles: openFiles, handed: handed)
        let reactor = try Reactor(pool: MetricsEntrance.pool)
        reactor.gatheringMilliseconds = Self.gatheringMilliseconds
        self.reactor = reactor
        let shared = try Shared(log: log, spawner: spawner, workers: workers)
        self.keepers = keepers
        self.shared = shared
        let census = WorkerCensus(loop: reactor, shared)
        self.census = census
        self.upstreams = UpstreamKeeper(reactor, shared)
        if let channel = Predecessor.channelFromEnvironment() {
            self.predecessor = try Predecessor(channel, reactor: reactor) { [weak self] in self?.endIfDrained() }
        }
        try self.openMetrics()
    }

    /// While sessions come and go, each brings a signal and a burial: a hundred turns a second see to all of them. A
    /// person who stops the server does not notice that it begins so much later, nor who reads metrics.
    private static let gatheringMilliseconds: UInt32 = 10

    /// Serves until it is over.
    func run() throws(Errno) -> Int32 {
        // Before the first thread: all of them inherit the mask.
        let signals = try SignalDescriptor([.terminate, .interrupt, .hangup, .user2, .childEnded])
        _ = try SignalSource(signals, reactor: self.reactor) { signal in self.hear(signal) }
        _ = try MailboxBell(self.shared.reports, reactor: self.reactor) {
            for report in self.shared.reports.take() { self.note(report) }
        }
        try self.shared.log.writer.start()
        self.warnUnlessDescendantsAreFound()
        try self.shared.spawner.start()
        let (shared, generation) = (self.shared, self.reload.generation)
        for index in 0..<self.workers {
            self.threads.append(try JoinableThread(name: "wsb-worker") { Self.work(index, shared, generation) })
        }
        self.upstreams.adopt(self.reload.generation)
        self.keepers.start(self.reactor, log: self.shared.log)
        self.tellWhenReady()
        self.reactor.run()
        self.finish()
        self.tending = nil
        self.reactor.close()
        return self.exitCode
    }

    private func warnUnlessDescendantsAreFound() {
        guard !self.guardian.findsDescendants else { return }
        let fields = [
            LogField("reason", .string("RLIMIT_RTTIME is in use or cannot be set")),
            LogField("hint", .string("start the server without a limit of real-time CPU (ulimit -R, LimitRTTIME)")),
        ]
        self.shared.log.write(.warning, "what programs start may outlive a server that is killed", fields)
    }

    private static func work(_ index: Int, _ shared: Shared, _ generation: Generation) {
        do throws(Errno) {
            try Worker(index: index, shared: shared, generation: generation).run()
        } catch {
            let reason = ServerFailure.system("worker not started", error).description
            shared.log.write(.error, reason)
            shared.reports.post(.failed(worker: index))
        }
    }

    private func finish() {
        for mailbox in self.shared.mailboxes { mailbox.post(.stop) }
        for thread in self.threads { thread.join() }
        // Ends what is left of the children; the guardian ends what is left of theirs.
        self.shared.spawner.stop()
        self.upstreams.stop()
        self.shared.resolver.stop()
        self.metrics?.close()
        self.shared.log.writer.stop()
        let generation = self.reload.generation
        for entrance in generation.entrances + [generation.metrics].compactMap(\.self) {
            Binding.removeFile(of: entrance.address)
        }
    }
}

// MARK: - Events

extension ControlLoop {
    private func hear(_ signal: Signal) {
        switch signal {
        case .childEnded: self.tendAtEndOfTurn()
        case .terminate, .interrupt: self.end(signal)
        case .hangup:
            if case .serving = self.phase { self.startReload() }
        case .user2:
            if case .serving = self.phase { self.startUpgrade() }
        case _: break
        }
    }

    private func note(_ report: WorkerReport) {
        switch report {
        case .bury(let pid, let mark):
            self.undertaker.bury(pid, mark, now: self.reactor.now)
            self.tendAtEndOfTurn()
        case .adopted(let worker): self.noteAdoption(worker)
        case .stoppedAccepting(let worker): self.noteClosing(worker)
        case .drained(let worker): self.noteDrained(worker)
        case .nameResolved(let delivery): self.upstreams.deliver(delivery)
        case .counted(let worker, let tally):
            self.census.take(tally, of: worker)
        case .failed:
            self.exitCode = 1
            self.phase = .over
            self.reactor.stop()
        }
    }

    private func tendAtEndOfTurn() {
        guard !self.willTend else { return }
        self.willTend = true
        self.reactor.atEndOfTurn {
            self.willTend = false
            self.tend()
        }
    }

    /// Reaps orphans and sees to what ended children left; comes back when there is something to wait for.
    private func tend() {
        self.tending?.cancel(self.reactor)
        self.tending = nil
        let next: UInt64?
        do throws(Errno) {
            next = try self.undertaker.tend(now: self.reactor.now)
        } catch {
            let fields = [LogField("reason", .string(error.description))]
            self.shared.log.write(.warning, "cannot look after orphans", fields)
            next = self.reactor.now &+ 1_000_000_000
        }
        if let next {
            let alarm = Alarm { self.tend() }
            alarm.start(self.reactor, at: next)
            self.tending = alarm
        }
        self.endIfDrained()
    }
}
