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
    private var nextEntrance: Int

    init(_ generation: Generation, source: PlanSource, openFiles: SystemCalls.ResourceLimit) {
        self.generation = generation
        self.source = source
        self.openFiles = openFiles
        self.nextEntrance = generation.entrances.count
    }

    var drainTimeout: UInt64 { self.generation.plan.drainTimeout.nanoseconds }

    /// A generation of another plan: what is new is bound, what is gone is given back to be left. Throws without having
    /// changed anything.
    mutating func prepare(
        _ plan: Plan, workers: Int
    ) throws(ServerFailure) -> (next: Generation, arriving: [Entrance], leaving: [Entrance]) {
        var leaving = self.generation.entrances
        var entrances: [Entrance] = []
        var arriving: [Entrance] = []
        do throws(ServerFailure) {
            for listener in plan.listeners {
                if let index = leaving.firstIndex(where: { $0.plan.address == listener.address }) {
                    entrances.append(leaving.remove(at: index).keeping(listener))
                } else {
                    let own = self.generation.entrances.map(\.address)
                    let entrance = try Binding.bind(
                        listener, number: self.nextEntrance, workers: workers, besides: own)
                    self.nextEntrance += 1
                    arriving.append(entrance)
                    entrances.append(entrance)
                }
            }
            let next = try Generation(
                plan, entrances: entrances, workers: workers, openFiles: self.openFiles, after: self.generation)
            for entrance in entrances where !arriving.contains(where: { $0.number == entrance.number }) {
                try Binding.renewFile(of: entrance.plan)
            }
            return (next, arriving, leaving)
        } catch {
            for entrance in arriving { entrance.abandon() }
            throw error
        }
    }

    /// From now on `next` is what the server does.
    mutating func adopt(_ next: Generation) { self.generation = next }
}
