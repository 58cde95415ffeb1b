package import Configuration
internal import Processes
internal import Reactor
internal import SystemCalls
internal import Telemetry

/// Runs a plan: from bound addresses to the exit code.
package enum Server {
    /// Serves until a signal ends it; gives the exit code. To be called on the main thread, before any other exists.
    package static func run(_ plan: Plan) -> Int32 {
        do throws(ServerFailure) {
            return try Self.serve(plan)
        } catch {
            StandardError.write(Array("wsbridge: \(error)\n".utf8))
            return error.exitCode
        }
    }

    private static func serve(_ plan: Plan) throws(ServerFailure) -> Int32 {
        guard let route = plan.routes.first else { preconditionFailure("a plan has a route") }
        let openFiles = SystemLimits.raiseOpenFiles()
        SignalDescriptor.ignoreBrokenPipes()
        let childSettings = try Self.childSettings(route, openFiles)
        let keeper = try Self.keeper(plan.transport)
        let workers = plan.workers ?? SystemLimits.usableCores
        let entrances = try Self.bind(plan, workers: workers)
        let metrics = try Self.bindMetrics(plan)
        let isTerminal = StandardError.isTerminal
        let wantsColor = (ProcessEnvironment.value(of: "NO_COLOR") ?? []).isEmpty
        let log = Log(
            level: LogLevel(plan.log.level),
            formatter: LogFormatter(plan.log.format, isTerminal: isTerminal, wantsColor: wantsColor),
            writer: LogWriter())
        do throws(Errno) {
            let control = try ControlLoop(
                plan: plan, route: route, entrances: entrances, metrics: metrics, childSettings: childSettings,
                log: log, workers: workers, keeper: keeper)
            Announcement(plan, route, entrances).write(to: log)
            metrics?.announceMetrics(to: log)
            let exitCode = try control.run()
            for address in entrances.map(\.address) + [metrics?.address].compactMap({ $0 }) {
                Binding.removeFile(of: address)
            }
            return exitCode
        } catch {
            throw .system("cannot start", error)
        }
    }

    private static func childSettings(
        _ route: RoutePlan, _ openFiles: SystemCalls.ResourceLimit
    ) throws(ServerFailure) -> ChildSettings {
        guard case .command(let command) = route.handler else { return ChildSettings() }
        let path = command.environment.last { $0.name == "PATH" }?.value ?? Self.inheritedPath(command)
        if let error = ProgramSearch.obstacle(
            command.words.first ?? "", path: path, directory: command.workingDirectory)
        {
            throw .program(error.description)
        }
        var settings = try ChildSettings(command)
        // More descriptors than it was made for break a program that uses select(2): it gets what we were given.
        if !settings.limits.contains(where: { $0.resource == openFiles.resource }) { settings.limits.append(openFiles) }
        return settings
    }

    private static func inheritedPath(_ command: CommandPlan) -> String? {
        guard command.passEnvironment.contains("PATH") else { return nil }
        return ProcessEnvironment.value(of: "PATH").map { String(decoding: $0, as: UTF8.self) }
    }

    private static func keeper(_ plan: TransportPlan) throws(ServerFailure) -> TLSKeeper? {
        guard let tls = plan.tls else { return nil }
        return try TLSKeeper(tls)
    }

    private static func bindMetrics(_ plan: Plan) throws(ServerFailure) -> Binding? {
        guard let listener = plan.metricsListener else { return nil }
        do throws(ServerFailure) {
            return try Binding(listener, workers: 1)
        } catch {
            guard case .cannotListen(let address, let reason) = error else { throw error }
            throw .cannotListenForMetrics(address, reason)
        }
    }

    private static func bind(_ plan: Plan, workers: Int) throws(ServerFailure) -> [Entrance] {
        var entrances: [Entrance] = []
        for listener in plan.listeners {
            let binding = try Binding(listener, workers: workers)
            let isLoopback = listener.isLoopback
            let servesConsole =
                switch plan.console {
                case .auto: isLoopback
                case .on: true
                case .off: false
                }
            entrances.append(
                Entrance(
                    address: binding.address, isLoopback: isLoopback && binding.address.port != nil,
                    servesConsole: servesConsole, listeners: binding.listeners))
        }
        return entrances
    }
}
