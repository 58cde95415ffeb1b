internal import Bridge
internal import HTTPConnection
internal import HTTPSemantics
internal import Proxy
internal import Routing
internal import Site
internal import SystemCalls
internal import Telemetry
internal import WebSocket

/// Sends each request of a listener where it belongs. It stays while connections do, so that the next request of each
/// is served by what a reload has brought.
final class FrontDesk: HTTPService {
    private let reception: Reception
    private let log: Log
    private var entrance: Entrance
    private var site: Site
    let dateStamp: DateStamp? = DateStamp { Clock.wall }

    init(_ entrance: Entrance, _ reception: Reception, log: Log) {
        self.entrance = entrance
        self.reception = reception
        self.log = log
        self.site = Site(servesConsole: entrance.servesConsole)
    }

    /// Another plan for the same listener.
    func adopt(_ entrance: Entrance) {
        self.entrance = entrance
        self.site = Site(servesConsole: entrance.servesConsole)
    }

    /// What connections that come now have to pass.
    var transport: SharedTransport { self.entrance.transport }

    func serve(_ exchange: Exchange) {
        guard !self.entrance.isLoopback || self.reception.admits(exchange.head.authority) else {
            return self.refuseHost(exchange)
        }
        if let redirect = self.entrance.redirect { return self.send(exchange, to: redirect) }
        let decision = OpeningHandshake.decide(exchange.head)
        do throws(PathViolation) {
            guard let (route, files, path) = try self.reception.find(exchange.head) else {
                if case .refused(let violation) = decision { return self.refuse(exchange, violation) }
                return self.refuse(exchange, .notFound, "nothing is served at this address")
            }
            switch route {
            case .bridge(let route): self.serve(exchange, decision, by: route, files, path)
            case .proxy(let route):
                self.serve(exchange, decision.ignoringOtherUpgrades(exchange.head), by: route, files, path)
            }
        } catch {
            self.refuse(exchange, error.status, error.reason)
        }
    }

    private func serve(
        _ exchange: Exchange, _ decision: OpeningHandshake.Decision, by route: BridgeRoute, _ files: FileSite?,
        _ path: RoutedPath
    ) {
        switch decision {
        case .refused(let violation): self.refuse(exchange, violation)
        case .notUpgrade:
            exchange.count = route.settings.answers
            if let files { files.answer(exchange, at: path) } else { self.site.answer(exchange) }
        case .accepted(let acceptValue, let offered):
            route.open(exchange, at: path, acceptValue: acceptValue, offered: offered)
        }
    }

    /// Files hand on to the route what is none.
    private func serve(
        _ exchange: Exchange, _ decision: OpeningHandshake.Decision, by route: ProxyRoute, _ files: FileSite?,
        _ path: RoutedPath
    ) {
        switch decision {
        case .refused(let violation): self.refuse(exchange, violation)
        case .notUpgrade:
            exchange.count = route.settings.answers
            if let files { files.answer(exchange, at: path) } else { route.forward(exchange) }
        case .accepted(let acceptValue, _): route.open(exchange, acceptValue: acceptValue)
        }
    }

    private func refuse(_ exchange: Exchange, _ violation: OpeningHandshakeViolation) {
        self.refused(exchange.client, violation.status, violation.reason)
        exchange.refuse(
            violation.status, violation.reason, fields: violation.responseFields, closes: violation.closesConnection)
    }

    func refused(_ client: ClientConnection, _ status: Status, _ reason: String) {
        self.reception.requestsRefused.count(status.code)
        self.log.write(
            .info, "request refused",
            [
                LogField("status", .integer(Int64(status.code))), LogField("reason", .string(reason)),
                LogField("client", .string(client.address.description)),
            ])
    }

    private func send(_ exchange: Exchange, to redirect: Redirect) {
        guard let fields = redirect.fields(for: exchange.head) else {
            return self.refuse(exchange, .badRequest, "this port only leads to https, and no Host says whose")
        }
        exchange.respond(ResponseHead(status: .permanentRedirect, fields: fields))
    }

    private func refuse(_ exchange: Exchange, _ status: Status, _ reason: String) {
        self.reception.requestsRefused.count(status.code)
        self.log.write(
            .info, "request refused",
            [
                LogField("status", .integer(Int64(status.code))), LogField("reason", .string(reason)),
                LogField("path", .string(exchange.head.path)),
                LogField("host", .string(exchange.head.authority?.description ?? "")),
                LogField("client", .string(exchange.client.address.description)),
            ])
        exchange.refuse(status, reason)
    }

    /// A name that leads to this machine although its owner is somebody else: DNS rebinding.
    private func refuseHost(_ exchange: Exchange) {
        self.reception.requestsRefused.count(Status.misdirectedRequest.code)
        let host = exchange.head.authority?.description ?? ""
        self.log.write(
            .warning, "Host refused; --host allows it",
            [LogField("host", .string(host)), LogField("client", .string(exchange.client.address.description))])
        exchange.refuse(.misdirectedRequest, "this server does not answer to that host name", closes: true)
    }
}
