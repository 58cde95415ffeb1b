internal import Bridge
internal import HTTPConnection
internal import HTTPSemantics
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
        if case .refused(let violation) = decision {
            self.refused(exchange.client, violation.status, violation.reason)
            return exchange.refuse(
                violation.status, violation.reason, fields: violation.responseFields,
                closes: violation.closesConnection)
        }
        do throws(PathViolation) {
            guard let (route, files, path) = try self.reception.find(exchange.head) else {
                return self.refuse(exchange, .notFound, "nothing is served at this address")
            }
            switch decision {
            case .notUpgrade, .refused:
                if let files { files.answer(exchange, at: path) } else { self.site.answer(exchange) }
            case .accepted(let acceptValue, let offered):
                route.open(exchange, at: path, acceptValue: acceptValue, offered: offered)
            }
        } catch {
            self.refuse(exchange, error.status, error.reason)
        }
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
