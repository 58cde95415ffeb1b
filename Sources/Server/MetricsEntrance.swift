internal import Buffers
internal import Configuration
internal import HTTP1
internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore
internal import Reactor
internal import Site
internal import SystemCalls
internal import Telemetry

/// The listener for operators, on the main thread's loop: workers that are busy or stuck do not keep it from saying so.
///
/// It is there before the first worker and goes last, so that the end of readiness can be seen while sessions drain.
final class MetricsEntrance {
    /// Connections at a time: a few scrapers, balancers and probes, each of them perhaps twice. More are closed.
    private static let connectionsMax = 64
    /// What may wait: for each connection what one read brings, and one answer, which has a hundred routes in the size
    /// of a window.
    static var pool: BlockPool {
        let connection = 2 * ReceiveWindow.bytesMax
        return BlockPool(bytesMax: Self.connectionsMax * connection, reserve: connection)
    }
    /// A probe sends its few lines at once; between two scrapes a connection need not be kept.
    private static let limits = HTTPConnection.Limits(
        head: RequestHeadLimits(), headTimeout: 10_000_000_000, lingerTimeout: 5_000_000_000)

    /// Of the entrance: another number is another listener.
    let number: Int
    private let address: SocketAddress
    private let isGuarded: Bool
    private let reactor: Reactor
    private let desk: MetricsDesk
    private let log: Log
    private var listener: Listener?
    /// True from the first connection that was one too many until there is room again: that is one line in the log.
    private var isFull = false

    init(
        _ entrance: Entrance, _ plan: Plan, insight: any ServerInsight, reactor: Reactor, log: Log
    ) throws(Errno) {
        self.number = entrance.number
        self.address = entrance.address
        self.reactor = reactor
        self.log = log
        self.isGuarded = entrance.isLoopback
        self.desk = MetricsDesk(
            MetricsSite(insight), hosts: entrance.isLoopback ? .loopback(names: plan.hosts) : .any, log: log)
        for raw in entrance.listeners {
            self.listener = try Listener(
                Descriptor(owning: raw), reactor: reactor,
                accept: { self.open($0, $1) }, exhausted: { self.reportExhaustion($0) })
        }
    }

    /// The names that another plan gives this machine.
    func adopt(_ plan: Plan) { if self.isGuarded { self.desk.hosts = .loopback(names: plan.hosts) } }

    /// Lets the address go. What connections there are end with the process.
    func close() {
        self.listener?.close()
        self.listener = nil
    }

    private func open(_ raw: Int32, _ peer: SocketAddress) {
        let descriptor = Descriptor(owning: raw)
        guard self.hasRoom() else { return }
        guard let stream = try? self.reactor.makeStream(descriptor, kind: .socket) else { return }
        let client = ClientConnection(address: peer, listener: self.address)
        stream.delegate = HTTPConnection(
            stream, loop: self.reactor, service: self.desk, client: client, limits: Self.limits)
    }

    private func hasRoom() -> Bool {
        var connections = 0
        self.reactor.forEachDelegate { _ in connections += 1 }
        let isFull = connections >= Self.connectionsMax
        if isFull, !self.isFull {
            let fields = [LogField("connections", .integer(Int64(connections)))]
            self.log.write(.warning, "too many connections for metrics; more are closed", fields)
        }
        self.isFull = isFull
        return !isFull
    }

    private func reportExhaustion(_ error: Errno) {
        self.log.write(
            .error, "cannot accept connections for metrics for now", [LogField("reason", .string(error.description))])
    }
}

/// Keeps the site for operators to those who may see it.
private final class MetricsDesk: HTTPService {
    private let site: MetricsSite
    var hosts: HostRule
    private let log: Log
    let dateStamp: DateStamp? = DateStamp { Clock.wall }

    init(_ site: MetricsSite, hosts: HostRule, log: Log) {
        self.site = site
        self.hosts = hosts
        self.log = log
    }

    func serve(_ exchange: Exchange) {
        guard self.hosts.admits(exchange.head.authority) else {
            self.refused(exchange.client, .misdirectedRequest, "Host refused; --host allows it")
            return exchange.refuse(
                .misdirectedRequest, "this server does not answer to that host name", closes: true)
        }
        self.site.answer(exchange)
    }

    func refused(_ client: ClientConnection, _ status: Status, _ reason: String) {
        self.log.write(
            .info, "request for metrics refused",
            [
                LogField("status", .integer(Int64(status.code))), LogField("reason", .string(reason)),
                LogField("client", .string(client.address.description)),
            ])
    }
}

extension Entrance {
    /// Where to read them, with a URL that can be clicked.
    func announceMetrics(to log: Log) {
        log.writeAlways(.info, "metrics and health", [LogField("url", .string(self.url(path: "/metrics")))])
    }
}
