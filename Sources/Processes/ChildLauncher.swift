internal import SystemCalls

/// Turns one request into one child, or into one error with nothing left behind.
struct ChildLauncher: ~Copyable, Sendable {
    private let starter: ProcessStarter
    private let guardian: Guardian?
    private let live: LiveChildren
    private let programs = ProgramMemory()

    init(guardian: Guardian?, live: LiveChildren) throws(Errno) {
        self.starter = try ProcessStarter()
        self.guardian = guardian
        self.live = live
    }

    borrowing func launch(_ request: SpawnRequest) throws(SpawnError) -> SpawnedChild {
        try Self.refuseInnerNul(request)
        let program = try self.programs.find(request)
        let streams = try Self.openStreams(request.channel)
        try self.standGuard()
        let mark = self.live.announce()
        do throws(SpawnError) {
            let process = try self.startFound(request, program, streams, mark)
            self.live.bear(mark, process.pid)
            return streams.ours(of: process, mark)
        } catch {
            self.live.remove(mark)
            throw error
        }
    }

    private static func refuseInnerNul(_ request: SpawnRequest) throws(SpawnError) {
        if request.arguments.holdsInnerNul || request.environment.holdsInnerNul
            || request.program.utf8.contains(0) || request.settings.workingDirectory?.utf8.contains(0) == true
        {
            throw SpawnError(.innerNul)
        }
    }

    /// A program that has moved since it was found is sought once more.
    private borrowing func startFound(
        _ request: SpawnRequest, _ program: String, _ streams: borrowing ChildStreams, _ mark: DescentMark
    ) throws(SpawnError) -> StartedProcess {
        do throws(SpawnError) {
            return try self.start(request, program, streams, mark)
        } catch {
            guard error.stage == .child(.program) || error.stage == .interpreter else { throw error }
            self.programs.forget()
            let again = try self.programs.find(request)
            guard again != program else { throw error }
            return try self.start(request, again, streams, mark)
        }
    }

    private static func openStreams(_ channel: SpawnRequest.Channel) throws(SpawnError) -> ChildStreams {
        do throws(Errno) {
            return try ChildStreams(channel)
        } catch {
            throw SpawnError(.ourStreams, errno: error)
        }
    }

    private borrowing func standGuard() throws(SpawnError) {
        do throws(Errno) {
            try self.guardian?.standGuard()
        } catch {
            throw SpawnError(.guardian, errno: error)
        }
    }

    private borrowing func start(
        _ request: SpawnRequest, _ program: String, _ streams: borrowing ChildStreams, _ mark: DescentMark
    ) throws(SpawnError) -> StartedProcess {
        var environment = request.environment
        environment.append("UNIQUE_ID", request.id.digits.span)
        let call = SpawnCall(
            program: program, arguments: request.arguments, environment: environment,
            input: streams.childInput, output: streams.childOutput, errors: streams.childErrors,
            inputIsControllingTerminal: streams.isTerminal,
            mark: self.live.marks.range == nil ? nil : mark)
        do throws(SpawnFailure) {
            return try self.starter.start(call, request.settings)
        } catch {
            throw Self.explain(error, program, request.settings)
        }
    }

    private static func explain(
        _ failure: SpawnFailure, _ program: String, _ settings: ChildSettings
    ) -> SpawnError {
        let errno = failure.errno
        switch failure.stage {
        case .program:
            // execve says ENOENT for a missing interpreter too
            let isThere = ProgramSearch.exists(program, from: settings.workingDirectory)
            let stage: SpawnError.Stage = errno == .noSuchFile && isThere ? .interpreter : .child(.program)
            return SpawnError(stage, errno: errno, path: program)
        case .workingDirectory:
            return SpawnError(.child(.workingDirectory), errno: errno, path: settings.workingDirectory ?? "")
        case .create, .session, .terminal, .streams, .limits, .niceness, .credentials,
            .parentDeath, .privileges, .descriptors:
            return SpawnError(.child(failure.stage), errno: errno)
        }
    }
}
