internal import CommandLineInterface
internal import Configuration
internal import Glibc
internal import LoadGenerator
internal import Server
internal import ServerStatus
internal import SystemCalls
internal import WebSocketClient

/// Does what a command line asks for; gives the exit code.
func act(on invocation: Invocation) -> Int32 {
    switch invocation {
    case .serve(let checked):
        warn(checked.warnings)
        return Server.run(checked.plan)
    case .check(let checked):
        warn(checked.warnings)
        print(Server.description(of: checked.plan))
        return 0
    case .serveFile(let request):
        guard let loaded = load(request) else { return 2 }
        return Server.run(loaded, from: request)
    case .checkFile(let request):
        guard let loaded = load(request) else { return 2 }
        print(Server.description(of: loaded.plan))
        return 0
    case .status(let request):
        return showStatus(request)
    case .connect(let request):
        return connect(request)
    case .bench(let request):
        return bench(request)
    case .print(let text):
        print(text)
        return 0
    case .refuse(let text):
        StandardError.writeLine(text)
        return 2
    }
}

private func warn(_ warnings: [Diagnostic]) {
    for warning in warnings { StandardError.writeLine(warning.description) }
}

/// The plan of a file; nil once it was told what is wrong with it.
private func load(_ request: FileRequest) -> LoadedPlan? {
    do throws(LoadFailure) {
        let loaded = try Server.load(request)
        if let warnings = loaded.warnings { StandardError.writeLine(warnings) }
        return loaded
    } catch {
        StandardError.writeLine(error.report)
        return nil
    }
}

/// Asks a running server and prints what it does; gives the exit code.
private func showStatus(_ request: StatusRequest) -> Int32 {
    do throws(StatusFailure) {
        let report = try StatusQuery.ask(request.address)
        print(request.wantsJSON ? report.json : report.table(now: Double(time(nil))))
        return 0
    } catch {
        StandardError.writeLine("wsbridge: \(error)")
        return 1
    }
}

/// Runs a client until it is over; gives the exit code.
private func connect(_ request: ConnectRequest) -> Int32 {
    var settings = ConnectSettings(
        url: request.client.url, messageBytesMax: request.messageSizeMax.bytes,
        connectTimeout: request.client.connectTimeout.nanoseconds, linger: request.linger.nanoseconds)
    settings.wishes = request.client.wishes
    settings.trust = Trust(request.client.trust)
    settings.isBinary = request.isBinary
    settings.closing = (request.closeCode, request.closeReason)
    return InteractiveSession.run(settings)
}

/// Puts load on a server and prints what came of it; gives the exit code.
private func bench(_ request: BenchRequest) -> Int32 {
    let pace: LoadSettings.Pace =
        switch request.pace {
        case .closedLoop(let pipeline): .closedLoop(pipeline: pipeline)
        case .openLoop(let rate): .openLoop(perSecond: Double(rate.count) * 1e9 / Double(rate.per.nanoseconds))
        }
    var settings = LoadSettings(
        url: request.client.url, connections: request.connections, pace: pace, payloadBytes: request.payload.bytes,
        duration: request.duration.nanoseconds, connectTimeout: request.client.connectTimeout.nanoseconds)
    settings.wishes = request.client.wishes
    settings.trust = Trust(request.client.trust)
    settings.isBinary = request.isBinary
    settings.messagesMax = request.messagesMax.map { UInt64($0) }
    do throws(ClientFailure) {
        let report = try LoadRun.run(settings)
        print(request.wantsJSON ? report.json : report.text)
        return report.isGood ? 0 : 1
    } catch {
        StandardError.writeLine("wsbridge: \(error)")
        return 1
    }
}

extension ClientRequest {
    var wishes: ClientHandshake.Wishes {
        var wishes = ClientHandshake.Wishes()
        wishes.subprotocols = self.subprotocols
        wishes.origin = self.origin
        wishes.fields = self.fields
        return wishes
    }
}

extension Trust {
    init(_ trust: ClientRequest.Trust) {
        switch trust {
        case .system: self = .system
        case .authorities(let file): self = .authorities(file: file)
        case .anybody: self = .anybody
        }
    }
}
