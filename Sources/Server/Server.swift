package import Configuration
internal import Processes
internal import Reactor
internal import SystemCalls
internal import Telemetry

/// Runs a plan: from bound addresses to the exit code.
package enum Server {
    /// The machine that plans are checked against.
    package static var surroundings: any Surroundings { ThisMachine() }

    /// Reads a file and checks it.
    package static func load(_ request: FileRequest) throws(LoadFailure) -> LoadedPlan { try request.load() }

    /// What `wsbridge check` prints: the plan, and the memory it may need here.
    package static func description(of plan: Plan) -> String { "\(plan)\n\n\(MemorySum.description(plan))" }

    /// Serves until a signal ends it; gives the exit code. To be called on the main thread, before any other exists.
    package static func run(_ plan: Plan) -> Int32 {
        do throws(ServerFailure) {
            return try Self.serve(plan, .commandLine)
        } catch {
            StandardError.writeLine("wsbridge: \(error)")
            return error.exitCode
        }
    }

    /// The same for what was read from a file.
    package static func run(_ loaded: LoadedPlan, from request: FileRequest) -> Int32 {
        do throws(ServerFailure) {
            return try Self.serve(loaded.plan, .file(request))
        } catch {
            StandardError.writeLine(loaded.report(error))
            return error.exitCode
        }
    }

    private static func serve(_ plan: Plan, _ source: PlanSource) throws(ServerFailure) -> Int32 {
        // Before anything is opened: the numbers of what was handed to us are known, and nothing else may take them.
        var handed = HandedSockets.fromEnvironment()
        let plan = handed.resolved(plan)
        let openFiles = SystemLimits.raiseOpenFiles()
        SignalDescriptor.ignoreBrokenPipes()
        let keepers = try TLSKeepers(plan.listeners)
        let workers = plan.workers ?? SystemLimits.usableCores
        // One for each worker: what starting needed and has let go of lies in the first, and sessions fit there; and
        // who sleeps most of the time (spawner, log) needs none of its own.
        MemoryArenas.limit(to: workers)
        var entrances: [Entrance] = []
        for (number, listener) in plan.listeners.enumerated() {
            entrances.append(try Binding.bind(listener, number: number, workers: workers, &handed))
        }
        let metrics = try plan.metricsListener.map { listener throws(ServerFailure) in
            try Binding.bindMetrics(listener, number: entrances.count, &handed)
        }
        let log = Log(plan.log, writer: LogWriter())
        for complaint in handed.complaints { log.write(.warning, "not used: \(complaint)") }
        for unused in handed.leftovers(entrances + [metrics].compactMap(\.self)) {
            log.write(.warning, "a socket was handed over that no listener has the name or address of: \(unused)")
        }
        let generation = try Generation(
            plan, entrances: entrances, metrics: metrics, keepers: keepers, workers: workers, openFiles: openFiles,
            log: log)
        do throws(Errno) {
            let control = try ControlLoop(
                generation, source: source, openFiles: openFiles, log: log, workers: workers, keepers: keepers,
                handed: handed)
            Announcement(plan, generation.entrances).write(to: log)
            metrics?.announceMetrics(to: log)
            return try control.run()
        } catch {
            throw .system("cannot start", error)
        }
    }
}
