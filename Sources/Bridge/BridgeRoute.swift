package import HTTPConnection
package import HTTPSemantics
package import IOCore
package import Routing
internal import SystemCalls
package import Telemetry
package import WebSocket

/// A route that bridges WebSockets: decides who may come in, and connects those to what stands behind it.
package final class BridgeRoute {
    package enum Handler {
        case echo
        case command(CommandSettings)
        case upstream(UpstreamSettings)
        /// Nothing: the route is for plain requests alone.
        case nothing
    }

    package let settings: SessionSettings
    let loop: any EventLoop
    /// What the environments of all children have in common.
    let environment: CStringArray
    private let handler: Handler
    private let origins: [OriginRule]
    private let subprotocols: SubprotocolRule
    private let ledger: any SessionLedger
    private let drawID: () -> HexID
    /// It has no state: one serves all.
    private let echo = EchoPeer()
    /// True once the server goes away: nobody is let in any more.
    private(set) var isDraining = false

    package init(
        _ handler: Handler, settings: SessionSettings, origins: [OriginRule], subprotocols: SubprotocolRule,
        ledger: any SessionLedger, loop: any EventLoop, serverVersion: String, drawID: @escaping () -> HexID
    ) {
        self.handler = handler
        self.settings = settings
        self.origins = origins
        self.subprotocols = subprotocols
        self.ledger = ledger
        self.loop = loop
        self.environment = Self.environment(of: handler, serverVersion: serverVersion)
        self.drawID = drawID
    }

    private static func environment(of handler: Handler, serverVersion: String) -> CStringArray {
        switch handler {
        case .echo, .upstream, .nothing: CStringArray()
        case .command(let command): ChildEnvironment.common(command.environment, serverVersion: serverVersion)
        }
    }

    package func drain() { self.isDraining = true }

    /// Answers a request whose opening handshake is in order; `path` is how the route split the request's.
    package func open(_ exchange: Exchange, at path: RoutedPath, acceptValue: FieldValue, offered: [String]) {
        if case .nothing = self.handler {
            return self.refuseAndTell(exchange, .notFound, "no WebSocket is served here")
        }
        guard !self.isDraining else { return self.refuseBusy(exchange, "server is going away") }
        guard self.origins.contains(where: { $0.admits(exchange.head, isTLS: exchange.client.isTLS) }) else {
            return self.refuseOrigin(exchange)
        }
        let subprotocol: String?
        switch self.subprotocols.answer(to: offered) {
        case .answer(let name): subprotocol = name
        case .none: subprotocol = nil
        case .noneButOffered:
            self.logUnansweredSubprotocols(offered, exchange)
            subprotocol = nil
        case .refused(let violation):
            return self.refuseAndTell(exchange, violation.status, violation.reason)
        }
        guard self.takePlace(exchange) else { return }
        self.connect(exchange, path, HandshakeAnswer(acceptValue: acceptValue, subprotocol: subprotocol))
    }

    private func connect(_ exchange: Exchange, _ path: RoutedPath, _ answer: HandshakeAnswer) {
        let identity = SessionIdentity(id: self.drawID(), client: exchange.client.address, startedAt: self.loop.now)
        switch self.handler {
        case .echo:
            exchange.upgrade(answer.makeHead()) { stream in self.makeSession(stream, self.echo, identity) }
        case .command(let command):
            PendingChild(exchange, answer, path: path, command: command, identity: identity, route: self).launch()
        case .upstream(let upstream):
            self.connect(exchange, path, answer, to: upstream, identity)
        case .nothing:
            preconditionFailure("who serves no WebSockets lets nobody in")
        }
    }

    private func connect(
        _ exchange: Exchange, _ path: RoutedPath, _ answer: HandshakeAnswer, to upstream: UpstreamSettings,
        _ identity: SessionIdentity
    ) {
        let token = upstream.token?.token(query: exchange.head.query, path: path)
        guard token != nil || upstream.token == nil else {
            self.leavePlace(identity)
            self.settings.tally.upstream.failures.count(.unknownToken)
            return self.refuseAndTell(exchange, .notFound, "a token is needed here")
        }
        PendingUpstream(exchange, answer, upstream: upstream, identity: identity, route: self).connect(token: token)
    }

    func makeSession(
        _ stream: any ByteStream, _ peer: any SessionPeer, _ identity: SessionIdentity
    ) -> WebSocketSession {
        let session = WebSocketSession(
            stream, peer: peer, settings: self.settings, identity: identity)
        session.reportStart()
        return session
    }
}

// MARK: - Refusals

extension BridgeRoute {
    private func takePlace(_ exchange: Exchange) -> Bool {
        guard let (status, reason) = self.ledger.admit(exchange.client.address, now: self.loop.now).refusal else {
            return true
        }
        self.refuseAndTell(exchange, status, reason, fields: Self.retryLater)
        return false
    }

    /// Gives back the place of a session that did not come about.
    func leavePlace(_ identity: SessionIdentity) { self.ledger.release(identity.client) }

    func refuseBusy(_ exchange: Exchange, _ reason: String) {
        self.refuse(exchange, .serviceUnavailable, reason, fields: Self.retryLater)
    }

    private func refuseAndTell(
        _ exchange: Exchange, _ status: Status, _ reason: String, fields: HeaderFields = [:]
    ) {
        self.settings.tellRefusal(of: exchange, status, reason)
        self.refuse(exchange, status, reason, fields: fields)
    }

    /// The only way out for a handshake that was in order.
    func refuse(_ exchange: Exchange, _ status: Status, _ reason: String, fields: HeaderFields = [:]) {
        self.settings.tally.handshakesRefused.count(status.code)
        exchange.refuse(status, reason, fields: fields)
    }

    package static let retryLater: HeaderFields = ["Retry-After": "5"]

    private func refuseOrigin(_ exchange: Exchange) {
        let origin = exchange.head.fields.first("Origin")
        self.settings.log.write(
            .warning, "origin refused; --origin allows it",
            [
                LogField("route", .string(self.settings.routeName)),
                LogField("origin", .bytes(origin?.bytes ?? [])),
                LogField("host", .string(exchange.head.authority?.description ?? "")),
                LogField("client", .string(exchange.client.address.description)),
            ])
        self.refuse(exchange, .forbidden, "origin not allowed here")
    }

    private func logUnansweredSubprotocols(_ offered: [String], _ exchange: Exchange) {
        self.settings.log.write(
            .warning, "no offered subprotocol is spoken here, browsers drop the connection; --subprotocol answers one",
            [
                LogField("route", .string(self.settings.routeName)),
                LogField("offered", .string(offered.joined(separator: ", "))),
                LogField("client", .string(exchange.client.address.description)),
            ])
    }
}
