internal import Configuration
internal import IOCore
internal import Reactor
internal import Site
internal import SystemCalls
internal import Telemetry

/// Gathers the numbers of the server on the main thread, for whoever asks at the metrics' listener.
///
/// However many ask, the workers are asked once a round: those who come while one is under way get the next, since what
/// they want to see may have happened after a worker gave its numbers for this one.
final class WorkerCensus: ServerInsight {
    var isAccepting = true
    private let loop: any EventLoop
    private let ask: (_ worker: Int) -> Void
    /// Adds what is not a worker's.
    private let complete: (_ count: inout ServerCount) -> Void
    private let startedAt: UInt64
    private var roll: RollCall<WorkerTally>
    /// Those who wait for the round under way, and those who came later.
    private var waiting: [(ServerCount) -> Void] = []
    private var later: [(ServerCount) -> Void] = []
    private var timer: TimerID?

    /// - Parameter startedAt: nanoseconds since 1970-01-01 00:00 UTC.
    init(
        loop: any EventLoop, workers: Int, startedAt: UInt64, ask: @escaping (_ worker: Int) -> Void,
        complete: @escaping (_ count: inout ServerCount) -> Void
    ) {
        self.loop = loop
        self.startedAt = startedAt
        self.roll = RollCall(workers: workers)
        self.ask = ask
        self.complete = complete
    }

    func count(_ done: @escaping (ServerCount) -> Void) {
        self.later.append(done)
        if !self.roll.isUnderWay { self.beginRound() }
    }

    /// A worker answered.
    func take(_ tally: WorkerTally, of worker: Int) {
        if let outcomes = self.roll.take(tally, of: worker) { self.finishRound(outcomes) }
    }

    private func beginRound() {
        self.waiting = self.later
        self.later = []
        let patience = RollCall<WorkerTally>.patience
        self.timer = self.loop.startTimer(self, at: self.loop.now &+ patience)
        for worker in self.roll.begin() { self.ask(worker) }
    }

    private func finishRound(_ outcomes: [RollCall<WorkerTally>.Outcome]) {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
        var count = ServerCount(version: Product.version, startedAt: self.startedAt)
        count.isAccepting = self.isAccepting
        count.workers = outcomes.map { ServerCount.Worker(isUp: $0.isUp, tally: $0.answer) }
        self.complete(&count)
        let served = self.waiting
        self.waiting = []
        for done in served { done(count) }
        if !self.later.isEmpty, !self.roll.isUnderWay { self.beginRound() }
    }
}

extension WorkerCensus: TimerClient {
    func timerFired() {
        self.timer = nil
        self.finishRound(self.roll.end())
    }
}

extension WorkerCensus {
    /// The census of a running server.
    convenience init(loop: any EventLoop, _ shared: Shared) {
        self.init(
            loop: loop, workers: shared.mailboxes.count, startedAt: Clock.wall,
            ask: { shared.mailboxes[$0].post(.count) },
            complete: { count in
                count.logLinesDropped = shared.log.writer.droppedSinceStart
                count.process = .current
            })
    }
}

extension ProcessTally {
    fileprivate static var current: ProcessTally {
        let usage = ProcessUsage.read()
        var tally = ProcessTally()
        tally.cpuNanoseconds = Clock.process
        tally.residentBytes = usage.residentBytes
        tally.virtualBytes = usage.virtualBytes
        tally.descriptorsOpen = usage.descriptorsOpen
        tally.descriptorsMax = usage.descriptorsMax
        return tally
    }
}
