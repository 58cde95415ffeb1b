internal import IOCore
internal import SystemCalls
internal import TLSEngine
internal import Transport
internal import Upstreams

/// Hears how the connection to one server went, once.
protocol ServerDialClient: AnyObject {
    /// The stream gets its delegate in this call.
    func serverReached(_ stream: any ByteStream, of server: UpstreamAddress)
    func serverMissed(_ failure: ConnectFailure)
}

/// One server, from its name to a stream that is ready:
///
///     resolving ──▶ connecting ──PROXY header──▶ securing ──▶ over
///         └─────────────┴──── failure, deadline ─────┴──────────▲
///
/// Its timer keeps it alive. Nobody else that it holds holds it: a loop that ends lets go of all of it.
final class ServerDial {
    private enum Stage {
        case idle
        case resolving(any NameLookupTicket)
        case connecting(AddressDial)
        case securing(TLSStream)
        case over
    }

    let server: UpstreamAddress
    /// What goes out in front of everything else.
    private let header: [UInt8]
    private let surroundings: DialSurroundings
    private let client: any ServerDialClient
    private var stage = Stage.idle
    private var timer: TimerID?
    /// Nanoseconds it was given, for messages.
    private let span: UInt64

    init(
        _ server: UpstreamAddress, header: [UInt8], _ surroundings: DialSurroundings,
        _ client: any ServerDialClient, span: UInt64
    ) {
        self.server = server
        self.header = header
        self.surroundings = surroundings
        self.client = client
        self.span = span
    }

    private var settings: DialSettings { self.surroundings.settings }
    private var loop: any EventLoop { self.surroundings.loop }

    /// The client is never told from inside this call.
    func start() {
        self.timer = self.loop.startTimer(self, at: self.loop.now &+ self.span)
        switch self.server {
        case .unix(let path):
            self.connect(to: [.unix(path: path)])
        case .host(let host, let port):
            if let address = SocketAddress(numericHost: host, port: port) { return self.connect(to: [address]) }
            switch self.surroundings.names.resolve(host, self) {
            case .known(let answer): self.take(answer, isLater: false)
            case .asked(let ticket): self.stage = .resolving(ticket)
            }
        }
    }

    func cancel() { self.leave() }

    /// Lets go of whatever is under way.
    private func leave() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
        let stage = self.stage
        self.stage = .over
        switch stage {
        case .resolving(let ticket): ticket.cancel()
        case .connecting(let dial): dial.cancel()
        case .securing(let stream): stream.close()
        case .idle, .over: break
        }
    }

    private func fail(_ failure: ConnectFailure) {
        self.leave()
        self.client.serverMissed(failure)
    }

    private var isOver: Bool {
        switch self.stage {
        case .over: true
        case .idle, .resolving, .connecting, .securing: false
        }
    }
}

// MARK: - Name and address

extension ServerDial: NameLookupClient, AddressDialClient {
    func nameResolved(_ answer: NameAnswer) {
        guard case .resolving = self.stage else { return }
        self.take(answer, isLater: true)
    }

    private func take(_ answer: NameAnswer, isLater: Bool) {
        switch answer {
        case .addresses(let addresses):
            self.connect(to: addresses.map { $0.withPort(self.server.port) })
        case .unknown(let reason), .failed(let reason):
            let failure = ConnectFailure.unreachable(reason: "cannot resolve the name in \(self.server): \(reason)")
            guard !isLater else { return self.fail(failure) }
            self.loop.atEndOfTurn { if !self.isOver { self.fail(failure) } }
        }
    }

    private func connect(to addresses: [SocketAddress]) {
        let dial = AddressDial(addresses, self.settings.options, loop: self.loop, self)
        self.stage = .connecting(dial)
        dial.start()
    }

    func dialLost(_ errors: [(address: SocketAddress, error: Errno)]) {
        if let error = errors.map(\.error).first(where: \.isOurs) {
            return self.fail(.unavailable(reason: "cannot open a socket for \(self.server): \(error.wordsAndWayOut)"))
        }
        // The addresses of a name mostly fail for one reason: it is told once.
        var reasons: [String] = []
        for (_, error) in errors where !reasons.contains(error.words) { reasons.append(error.words) }
        let hosts = errors.map(\.address.host).joined(separator: ", ")
        let isName = errors.count > 1 || errors.contains { !self.server.names($0.address) }
        let place = isName ? "\(self.server) (\(hosts))" : "\(self.server)"
        let reason = "cannot connect to \(place): \(reasons.joined(separator: "; "))"
        let isSilence = errors.allSatisfy { $0.error == .timedOut }
        self.fail(isSilence ? .timedOut(reason: reason) : .unreachable(reason: reason))
    }

    func dialWon(_ stream: any ByteStream) {
        let header = self.header
        if !header.isEmpty { stream.write(header.span) }
        guard let tls = self.settings.tls else { return self.succeed(stream) }
        self.secure(stream, tls)
    }

    private func succeed(_ stream: any ByteStream) {
        self.stage = .over
        self.leave()
        self.client.serverReached(stream, of: self.server)
    }
}

// MARK: - TLS

extension ServerDial: TLSHandshakeClient {
    private func secure(_ stream: any ByteStream, _ tls: DialSettings.TLS) {
        guard let name = tls.serverName ?? self.server.host else {
            stream.close()
            return self.fail(.unreachable(reason: "TLS with \(self.server) needs the name of the server"))
        }
        let session = self.surroundings.sessions.session(for: self.server)
        guard let engine = TLSEngine(tls.context, serverName: name, session: session) else {
            stream.close()
            return self.fail(.unavailable(reason: "TLS with \(self.server): out of memory"))
        }
        let secured = TLSStream(
            over: stream, engine, workspace: self.surroundings.workspace, client: self,
            deadline: self.loop.now &+ self.span)
        self.stage = .securing(secured)
        secured.connect()
    }

    func handshakeCompleted(_ stream: TLSStream) {
        guard case .securing = self.stage else { return stream.close() }
        self.surroundings.sessions.keep(stream.engine.session, for: self.server)
        self.succeed(stream)
    }

    func handshakeFailed(_ failure: TLSHandshakeFailure) {
        guard case .securing = self.stage else { return }
        // It closes itself, once the server has heard why.
        self.stage = .over
        let place = "TLS with \(self.server)"
        switch failure {
        case .tls(let failure): self.fail(.unreachable(reason: "\(place): \(failure.reason)"))
        case .late: self.fail(self.late)
        case .cut: self.fail(.unreachable(reason: "\(place): it ended the connection; does it speak TLS?"))
        case .transport(.system(let code)):
            self.fail(.unreachable(reason: "\(place): \(Errno(rawValue: code).words)"))
        case .transport(let failure): self.fail(.unreachable(reason: "\(place): \(failure)"))
        case .plainHTTP: self.fail(.unreachable(reason: "\(place): it speaks plain HTTP"))
        }
    }
}

// MARK: - Deadline

extension ServerDial: TimerClient {
    func timerFired() {
        self.timer = nil
        self.fail(self.late)
    }

    private var late: ConnectFailure {
        let milliseconds = self.span / 1_000_000
        // The second server has what the first has left of the time, less a tick.
        let seconds = (milliseconds + 50) / 1000
        let isWhole = (milliseconds + 50) % 1000 < 100 && seconds > 0
        let span = isWhole ? "\(seconds) s" : "\(milliseconds) ms"
        switch self.stage {
        case .resolving: return .timedOut(reason: "the name in \(self.server) was not resolved within \(span)")
        case .idle, .connecting: return .timedOut(reason: "\(self.server) did not answer within \(span)")
        case .securing, .over:
            return .timedOut(reason: "\(self.server) did not finish the TLS handshake within \(span)")
        }
    }
}
