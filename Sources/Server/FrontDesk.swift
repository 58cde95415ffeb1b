internal import Bridge
internal import HTTPConnection
internal import HTTPSemantics
internal import Site
internal import SystemCalls
internal import Telemetry
internal import WebSocket

/// Sends each request of a listener where it belongs.
final class FrontDesk: HTTPService {
    private let route: BridgeRoute
    private let site: Site
    private let hosts: HostRule
    private let log: Log
    /// Requests that came to no route, by status.
    private(set) var requestsRefused = Tally<UInt16>()

    init(route: BridgeRoute, site: Site, hosts: HostRule, log: Log) {
        self.route = route
        self.site = site
        self.hosts = hosts
        self.log = log
    }

    func serve(_ exchange: Exchange) {
        guard self.hosts.admits(exchange.head.authority) else { return self.refuseHost(exchange) }
        switch OpeningHandshake.decide(exchange.head) {
        case .notUpgrade:
            self.site.answer(exchange)
        case .refused(let violation):
            self.refused(exchange.client, violation.status, violation.reason)
            exchange.refuse(
                violation.status, violation.reason, fields: violation.responseFields,
                closes: violation.closesConnection)
        case .accepted(let acceptValue, let offered):
            self.route.open(exchange, acceptValue: acceptValue, offered: offered)
        }
    }

    func refused(_ client: ClientConnection, _ status: Status, _ reason: String) {
        self.requestsRefused.count(status.code)
        self.log.write(
            .info, "request refused",
            [
                LogField("status", .integer(Int64(status.code))), LogField("reason", .string(reason)),
                LogField("client", .string(client.address.description)),
            ])
    }

    /// A name that leads to this machine although its owner is somebody else: DNS rebinding.
    private func refuseHost(_ exchange: Exchange) {
        self.requestsRefused.count(Status.misdirectedRequest.code)
        let host = exchange.head.authority?.description ?? ""
        self.log.write(
            .warning, "Host refused; --host allows it",
            [LogField("host", .string(host)), LogField("client", .string(exchange.client.address.description))])
        exchange.refuse(.misdirectedRequest, "this server does not answer to that host name", closes: true)
    }
}
