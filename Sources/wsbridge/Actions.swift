internal import CommandLineInterface
internal import Configuration
internal import Glibc
internal import Server
internal import ServerStatus
internal import WebSocketClient

func warn(_ warnings: [Diagnostic]) {
    for warning in warnings { complain(warning.description) }
}

/// The plan of a file; without one this is the end, with exit code 2.
func loadOrExit(_ request: FileRequest) -> LoadedPlan {
    do throws(LoadFailure) {
        let loaded = try Server.load(request)
        if let warnings = loaded.warnings { complain(warnings) }
        return loaded
    } catch {
        complain(error.report)
        exit(2)
    }
}

/// Asks a running server and prints what it does; gives the exit code.
func showStatus(_ request: StatusRequest) -> Int32 {
    do throws(StatusFailure) {
        let report = try StatusQuery.ask(request.address)
        print(request.wantsJSON ? report.json : report.table(now: Double(time(nil))))
        return 0
    } catch {
        complain("wsbridge: \(error)")
        return 1
    }
}

/// Runs a client until it is over; gives the exit code.
func connect(_ request: ConnectRequest) -> Int32 {
    var settings = ConnectSettings(
        url: request.client.url, messageBytesMax: request.messageSizeMax.bytes,
        connectTimeout: request.client.connectTimeout.nanoseconds, linger: request.linger.nanoseconds)
    settings.wishes = request.client.wishes
    settings.trust = Trust(request.client.trust)
    settings.isBinary = request.isBinary
    settings.closing = (request.closeCode, request.closeReason)
    return InteractiveSession.run(settings)
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

/// Writes a line to standard error, where everything goes that is not the answer to a question.
func complain(_ text: String) {
    var bytes = Array("\(text)\n".utf8)[...]
    while !bytes.isEmpty {
        let written = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        // Nobody is left to tell.
        guard written > 0 else { return }
        bytes = bytes.dropFirst(written)
    }
}
