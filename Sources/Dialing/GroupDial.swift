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
        /// A connection that waited is handed over at the end of the turn, whose work holds this one.
        case reusing(IdleStream, ServerPool.Pick)
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

    private func dialNext() throws(ConnectFailure) {
        switch self.target {
        case .tokens(let store):
            if let failure = self.lastFailure { throw failure }
            guard let token = self.request.token, let server = store.server(for: token) else { throw .unknownToken }
            self.dial(server, nil)
        case .group(let group):
            let pick = try self.pick(of: group)
            self.tried.append(pick.index)
            let server = group.settings.servers[pick.index]
            if self.request.mayReuse, let idle = self.surroundings.idle?.take(server) {
                return self.reuse(idle, pick, of: group)
            }
            self.dial(server, pick)
        }
    }

    private func reuse(_ idle: IdleStream, _ pick: ServerPool.Pick, of group: UpstreamGroup) {
        self.stage = .reusing(idle, pick)
        self.surroundings.loop.atEndOfTurn {
            guard case .reusing = self.stage else { return }
            guard let stream = idle.release() else { return self.dial(idle.server, pick) }
            self.stage = .over
            group.succeeded(pick)
            var connection = self.connection(stream, to: idle.server, pick, of: group)
            connection.isReused = true
            self.client.connected(connection)
        }
    }

    private func connection(
        _ stream: any ByteStream, to server: UpstreamAddress, _ pick: ServerPool.Pick, of group: UpstreamGroup
    ) -> UpstreamConnection {
        var connection = UpstreamConnection(
            // Every session holds it: one text for all of them.
            stream: stream, name: group.names[pick.index], address: nil, release: { group.ended(pick) })
        connection.serverKey = group.keys[pick.index]
        if let idle = self.surroundings.idle {
            connection.park = {
                group.ended(pick)
                idle.park(stream, for: server)
            }
        }
        return connection
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
        case .reusing(let idle, let taken):
            idle.close()
            pick = taken
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
    func serverReached(_ stream: any ByteStream, at address: SocketAddress) {
        guard case .dialing(let weak, let pick) = self.stage else { return stream.close() }
        self.stage = .over
        var connection: UpstreamConnection
        switch (self.target, pick) {
        case (.group(let group), let pick?):
            group.succeeded(pick)
            connection = self.connection(stream, to: group.settings.servers[pick.index], pick, of: group)
            connection.address = address
        case (.group, nil), (.tokens, _):
            let name = weak.dial?.server.description ?? address.description
            connection = UpstreamConnection(stream: stream, name: name, address: address, release: {})
        }
        if let secured = stream as? TLSStream, let server = weak.dial?.server {
            connection.release = { [sessions = self.surroundings.sessions, release = connection.release] in
                // With TLS 1.3 it comes behind the handshake, so now is the first time that it is there for sure.
                sessions.keep(secured.engine.session, for: server)
                release()
            }
        }
        self.client.connected(connection)
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
