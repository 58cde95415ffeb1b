internal import IOCore
internal import SystemCalls
internal import TLSEngine
internal import Transport
internal import Upstreams

/// One connection to one of a route's servers: when a server fails the next is tried while there is time. Nothing of
/// the client's was sent yet, so that is safe.
final class GroupDial: ConnectAttempt {
    private enum Stage {
        case idle
        /// The server's dial holds this one, and a timer holds that.
        case dialing(Weak, ServerPool.Pick?)
        case over
    }

    private struct Weak { weak var dial: ServerDial? }

    private let target: UpstreamConnector.Target
    private let request: ConnectRequest
    private let surroundings: DialSurroundings
    private let client: any ConnectClient
    private let deadline: UInt64
    private var stage = Stage.idle
    private var tried: [Int] = []
    private var lastFailure: ConnectFailure?

    init(
        _ target: UpstreamConnector.Target, _ request: ConnectRequest, _ surroundings: DialSurroundings,
        _ client: any ConnectClient
    ) {
        self.target = target
        self.request = request
        self.surroundings = surroundings
        self.client = client
        let span = surroundings.settings.timeout
        self.deadline = surroundings.loop.now &+ (target.hasSeveral ? 2 &* span : span)
    }

    /// The client is never told from inside this call.
    func start() {
        do throws(ConnectFailure) {
            try self.dialNext()
        } catch {
            self.surroundings.loop.atEndOfTurn { self.giveUp(error) }
        }
    }

    /// The same with a server that was chosen.
    func start(at pick: ServerPool.Pick, of group: UpstreamGroup) {
        self.tried.append(pick.index)
        self.dial(group.settings.servers[pick.index], pick)
    }

    private func dialNext() throws(ConnectFailure) {
        switch self.target {
        case .tokens(let store):
            if let failure = self.lastFailure { throw failure }
            guard let token = self.request.token, let server = store.server(for: token) else { throw .unknownToken }
            self.dial(server, nil)
        case .group(let group):
            self.start(at: try self.pick(of: group), of: group)
        }
    }

    private func pick(of group: UpstreamGroup) throws(ConnectFailure) -> ServerPool.Pick {
        let now = self.surroundings.loop.now
        if let failure = self.lastFailure, now >= self.deadline { throw failure }
        do throws(ServerPool.Refusal) {
            return try group.pick(for: self.request, tried: self.tried, now: now)
        } catch {
            let servers = group.names.joined(separator: ", ")
            switch error {
            case .allTried: throw self.lastFailure ?? .unavailable(reason: "no server is left: \(servers)")
            case .allDown: throw .unavailable(reason: "checks found every server down: \(servers)")
            case .allFull:
                throw .unavailable(reason: "every server has as many connections as it may: \(servers)")
            }
        }
    }

    private func dial(_ server: UpstreamAddress, _ pick: ServerPool.Pick?) {
        let left = self.deadline &- self.surroundings.loop.now
        let settings = self.surroundings.settings
        let dial = ServerDial(
            server, header: settings.proxyHeader.bytes(for: self.request), self.surroundings, self,
            span: min(left, settings.timeout))
        self.stage = .dialing(Weak(dial: dial), pick)
        dial.start()
    }

    func cancel() {
        let stage = self.stage
        self.stage = .over
        let pick: ServerPool.Pick?
        switch stage {
        case .dialing(let weak, let dialed):
            weak.dial?.cancel()
            pick = dialed
        case .idle, .over:
            return
        }
        guard let pick, case .group(let group) = self.target else { return }
        group.calledOff(pick, now: self.surroundings.loop.now)
    }

    private func giveUp(_ failure: ConnectFailure) {
        if case .over = self.stage { return }
        self.stage = .over
        self.client.connectFailed(failure)
    }
}

// MARK: - What became of a server

extension GroupDial: ServerDialClient {
    func serverReached(_ stream: any ByteStream, of server: UpstreamAddress) {
        guard case .dialing(_, let pick) = self.stage else { return stream.close() }
        self.stage = .over
        let place: ServerConnection.Place
        switch (self.target, pick) {
        case (.group(let group), let pick?):
            group.succeeded(pick)
            place = .group(group, pick)
        case (.group, nil), (.tokens, _):
            place = .token(server)
        }
        self.client.connected(ServerConnection(stream, at: place, self.surroundings))
    }

    func serverMissed(_ failure: ConnectFailure) {
        guard case .dialing(_, let pick) = self.stage else { return }
        self.stage = .idle
        self.lastFailure = failure
        if let pick, case .group(let group) = self.target {
            let now = self.surroundings.loop.now
            // We have run out of something: no server is to blame, and none would fare better.
            if case .unavailable = failure {
                group.calledOff(pick, now: now)
                return self.giveUp(failure)
            }
            group.failed(pick, now: now, reason: failure.reason)
        }
        do throws(ConnectFailure) {
            try self.dialNext()
        } catch {
            self.giveUp(error)
        }
    }
}

extension UpstreamConnector.Target {
    fileprivate var hasSeveral: Bool {
        switch self {
        case .group(let group): group.settings.servers.count > 1
        case .tokens: false
        }
    }
}
