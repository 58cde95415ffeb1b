internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore
internal import SystemCalls
internal import Telemetry

/// A session whose server is being connected to: 101 goes out only when there is a connection.
final class PendingUpstream: ConnectClient {
    private let exchange: Exchange
    private let answer: HandshakeAnswer
    private let upstream: UpstreamSettings
    private let identity: SessionIdentity
    private let route: BridgeRoute

    init(
        _ exchange: Exchange, _ answer: HandshakeAnswer, upstream: UpstreamSettings, identity: SessionIdentity,
        route: BridgeRoute
    ) {
        self.exchange = exchange
        self.answer = answer
        self.upstream = upstream
        self.identity = identity
        self.route = route
    }

    func connect(token: String?) {
        let client = self.exchange.client
        let request = ConnectRequest(client: client.address, local: client.listener, tls: client.tls, token: token)
        switch self.upstream.connector.connect(request, self) {
        case .reused(let connection): self.connected(connection)
        case .underWay(let attempt):
            self.exchange.cancelled = {
                attempt.cancel()
                self.route.leavePlace(self.identity)
            }
        }
    }

    func connected(_ connection: any UpstreamConnection) {
        guard !self.route.isDraining else {
            connection.stream.close()
            connection.release()
            self.route.leavePlace(self.identity)
            return self.route.refuseBusy(self.exchange, "server is going away")
        }
        self.exchange.upgrade(self.answer.makeHead()) { stream in
            self.count()
            let peer = UpstreamPeer(connection, settings: self.upstream)
            let session = self.route.makeSession(stream, peer, self.identity)
            peer.start(session)
            return session
        }
    }

    private func count() {
        let settings = self.route.settings
        settings.tally.upstream.connected &+= 1
        settings.tally.upstream.connectNanoseconds &+= self.route.loop.now &- self.identity.startedAt
    }

    func connectFailed(_ failure: ConnectFailure) {
        self.route.settings.tally.upstream.failures.count(failure.kind)
        self.route.settings.log.write(
            failure.level, "no connection to the upstream",
            [
                LogField("route", .string(self.route.settings.routeName)),
                LogField("id", .id(self.identity.id)),
                LogField("client", .string(self.identity.client.description)),
                LogField("status", .integer(Int64(failure.status.code))),
                LogField("reason", .string(failure.reason)),
            ])
        self.route.leavePlace(self.identity)
        self.route.refuse(self.exchange, failure.status, failure.answer, fields: failure.fields)
    }
}
