package import Bridge
internal import Forwarding
package import HTTPConnection
package import HTTPSemantics
internal import IOCore
internal import SystemCalls
package import Telemetry

/// A route whose requests go on to a server that speaks HTTP, WebSockets among them.
package final class ProxyRoute {
    package let settings: SessionSettings
    let proxy: ProxySettings
    private let origins: [OriginRule]
    private let ledger: any SessionLedger
    private let drawID: () -> HexID
    /// Requests under way that are no sessions.
    private var openExchanges = 0
    private(set) var isDraining = false

    package init(
        _ proxy: ProxySettings, settings: SessionSettings, origins: [OriginRule], ledger: any SessionLedger,
        drawID: @escaping () -> HexID
    ) {
        self.proxy = proxy
        self.settings = settings
        self.origins = origins
        self.ledger = ledger
        self.drawID = drawID
    }

    /// Whether an exchange still needs it; sessions are counted by the log.
    package var isInUse: Bool { self.openExchanges > 0 }

    package func drain() {
        self.isDraining = true
        self.proxy.connector.drain()
    }

    /// Forwards a request that is no attempt at a WebSocket.
    package func forward(_ exchange: Exchange) { self.begin(exchange, .exchange) }

    /// Forwards an opening handshake that is in order; the server decides whether it becomes a WebSocket.
    package func open(_ exchange: Exchange, acceptValue: FieldValue) {
        guard !self.isDraining else {
            return self.refuse(exchange, .serviceUnavailable, "server is going away", fields: BridgeRoute.retryLater)
        }
        guard self.origins.contains(where: { $0.admits(exchange.head, isTLS: exchange.client.isTLS) }) else {
            return self.refuseOrigin(exchange)
        }
        if let (status, reason) = self.ledger.admit(exchange.client.address, now: self.settings.loop.now).refusal {
            self.settings.tellRefusal(of: exchange, status, reason)
            return self.refuse(exchange, status, reason, fields: BridgeRoute.retryLater)
        }
        self.begin(exchange, .upgrade(acceptValue: acceptValue))
    }

    private func begin(_ exchange: Exchange, _ purpose: ProxyExchange.Purpose) {
        let identity = SessionIdentity(
            id: self.drawID(), client: exchange.client.address, startedAt: self.settings.loop.now)
        self.openExchanges += 1
        let forwarded = ProxyExchange(exchange, purpose, identity: identity, route: self)
        exchange.handle(by: forwarded)
        forwarded.connect(mayReuse: true)
    }

    /// An exchange is over. `becameSession`: its place is given back by the session.
    func exchangeEnded(_ purpose: ProxyExchange.Purpose, _ identity: SessionIdentity, becameSession: Bool) {
        self.openExchanges -= 1
        switch purpose {
        case .exchange: break
        case .upgrade: if !becameSession { self.ledger.release(identity.client) }
        }
    }
}

// MARK: - Refusals

extension ProxyRoute {
    func refuse(_ exchange: Exchange, _ status: Status, _ reason: String, fields: HeaderFields = [:]) {
        self.settings.tally.handshakesRefused.count(status.code)
        exchange.refuse(status, reason, fields: fields)
    }

    private func refuseOrigin(_ exchange: Exchange) {
        self.settings.log.write(
            .warning, "origin refused; --origin allows it",
            [
                LogField("route", .string(self.settings.routeName)),
                LogField("origin", .bytes(exchange.head.fields.first("Origin")?.bytes ?? [])),
                LogField("client", .string(exchange.client.address.description)),
            ])
        self.refuse(exchange, .forbidden, "origin not allowed here")
    }
}
