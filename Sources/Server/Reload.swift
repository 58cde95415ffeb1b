internal import Configuration
internal import SystemCalls

/// How far a reload is: one at a time, so that no worker is two generations behind.
struct Reload {
    enum Phase {
        case idle
        /// The workers that have not taken the generation yet, and what is to be done when all have.
        case spreading(workersLeft: Set<Int>, leaving: [Entrance], changes: String)
    }

    private(set) var generation: Generation
    let source: PlanSource
    let openFiles: SystemCalls.ResourceLimit
    var phase = Phase.idle
    /// Another one was asked for meanwhile.
    var isWanted = false
    private(set) var handed: HandedSockets
    private var nextEntrance: Int

    init(
        _ generation: Generation, source: PlanSource, openFiles: SystemCalls.ResourceLimit, handed: HandedSockets
    ) {
        self.handed = handed
        self.generation = generation
        self.source = source
        self.openFiles = openFiles
        self.nextEntrance = generation.entrances.count + 1
    }

    var drainTimeout: UInt64 { self.generation.plan.drainTimeout.nanoseconds }

    /// A generation of another plan: what is new is bound. Throws without having changed anything.
    mutating func prepare(
        _ plan: Plan, workers: Int, keepers: TLSKeepers, log: Log
    ) throws(ServerFailure) -> (next: Generation, step: Step) {
        var step = Step(leaving: self.generation.entrances)
        do throws(ServerFailure) {
            for listener in plan.listeners { try self.take(listener, into: &step, workers: workers) }
            let metrics = try self.metrics(plan, &step)
            let next = try Generation(
                plan, entrances: step.entrances, metrics: metrics,
                keepers: keepers, workers: workers, openFiles: self.openFiles, log: log, after: self.generation)
            for entrance in step.entrances where !step.arriving.contains(where: { $0.number == entrance.number }) {
                try Binding.renewFile(of: entrance.plan)
            }
            return (next, step)
        } catch {
            for entrance in step.arriving { entrance.abandon() }
            throw error
        }
    }

    /// What a reload is about to do.
    struct Step {
        var entrances: [Entrance] = []
        /// Bound for this.
        var arriving: [Entrance] = []
        /// To be left once nobody uses them.
        var leaving: [Entrance]
    }

    private mutating func take(
        _ listener: ListenerPlan, into step: inout Step, workers: Int
    ) throws(ServerFailure) {
        if let index = step.leaving.firstIndex(where: { $0.plan.address == listener.address }) {
            step.entrances.append(step.leaving.remove(at: index).keeping(listener))
        } else {
            let entrance = try Binding.bind(
                listener, number: self.nextEntrance, workers: workers, &self.handed, besides: self.ownAddresses)
            self.nextEntrance += 1
            step.arriving.append(entrance)
            step.entrances.append(entrance)
        }
    }

    private mutating func metrics(_ plan: Plan, _ step: inout Step) throws(ServerFailure) -> Entrance? {
        let before = self.generation.metrics
        if let before, before.plan.address == plan.metricsListener?.address { return before }
        if let before { step.leaving.append(before) }
        guard let listener = plan.metricsListener else { return nil }
        let entrance = try Binding.bindMetrics(
            listener, number: self.nextEntrance, &self.handed, besides: self.ownAddresses)
        self.nextEntrance += 1
        step.arriving.append(entrance)
        return entrance
    }

    private var ownAddresses: [SocketAddress] {
        (self.generation.entrances + [self.generation.metrics].compactMap(\.self)).map(\.address)
    }

    /// From now on `next` is what the server does.
    mutating func adopt(_ next: Generation) { self.generation = next }
}
