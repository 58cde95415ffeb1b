@testable import Bridge
import HTTP1
import HTTPConnection
import HTTPSemantics
import IOCore
import Routing
import SimulatedIO
import SystemCalls
import Telemetry
import WebSocket

/// A route of one worker, with simulated clients in front and simulated programs behind.
final class RouteHarness: HTTPService {
    /// What is behind a route of servers, and how clients choose.
    struct Servers {
        var plan = SimulatedConnector.Plan.connect
        var token: TokenSource?
    }

    private static let address = SocketAddress.ipv4(address: 0x7F00_0001, port: 8080)

    let loop: SimulatedLoop
    let log = RecordingLog()
    let ledger = ScriptedLedger()
    let launcher: SimulatedLauncher
    let connector: SimulatedConnector
    let route: BridgeRoute
    private var clients: [SimulatedClient] = []

    init(
        _ plan: SimulatedLauncher.Plan?, _ seed: Seed = Seed(0), faults: SimulatedFaults = .none,
        session: SessionOptions = SessionOptions(), servers: Servers? = nil
    ) {
        self.loop = SimulatedLoop(seed, faults: faults)
        self.launcher = SimulatedLauncher(self.loop, plan ?? .fail("no program"))
        self.connector = SimulatedConnector(self.loop)
        var handler = BridgeRoute.Handler.echo
        if plan != nil { handler = .command(CommandOptions().settings(self.launcher, self.loop)) }
        if let servers {
            self.connector.plan = servers.plan
            handler = .upstream(
                UpstreamSettings(connector: self.connector, records: CommandOptions.raw.records, token: servers.token))
        }
        self.route = BridgeRoute(
            handler, settings: session.settings(self.log, self.loop),
            origins: [.sameOrigin],
            subprotocols: SubprotocolRule(names: ["a"], isRequired: false), ledger: self.ledger, loop: self.loop,
            serverVersion: "1", drawID: { HexID(high: 1, low: 2) })
    }

    /// A client that asks for a session, and the frames it sends behind.
    @discardableResult
    func connect(
        _ fields: String = "", _ frames: [WireFrame] = [], capacity: Int = 1 << 16, target: String = "/"
    ) -> SimulatedClient {
        let client = SimulatedClient(self.loop, capacity: capacity)
        client.stream.delegate = HTTPConnection(
            client.stream, loop: self.loop, service: self,
            client: ClientConnection(address: Self.address, listener: Self.address),
            limits: HTTPConnection.Limits(
                head: RequestHeadLimits(), headTimeout: 10_000_000_000, lingerTimeout: 1_000_000_000))
        client.send(
            "GET \(target) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\(fields)\r\n")
        for frame in frames { client.send(frame.masked()) }
        self.clients.append(client)
        return client
    }

    /// As a worker that is asked now has it.
    var census: SessionCensus {
        var census = SessionCensus()
        for client in self.clients {
            if let owner = client.stream.delegate { census.count(owner) }
        }
        return census
    }

    var tally: RouteTally { self.census.tally(of: self.route.settings) }

    func serve(_ exchange: Exchange) {
        switch OpeningHandshake.decide(exchange.head) {
        case .accepted(let value, let offered):
            guard let path = try? RequestPath(exchange.head.path) else {
                return exchange.refuse(.badRequest, "no path")
            }
            self.route.open(exchange, at: RoutedPath(path), acceptValue: value, offered: offered)
        case .refused, .notUpgrade: exchange.refuse(.badRequest, "no handshake")
        }
    }

    func refused(_ client: ClientConnection, _ status: Status, _ reason: String) {}
}

/// Says what the test wants.
final class ScriptedLedger: SessionLedger {
    var admission = Admission.admitted
    private(set) var places = 0

    func admit(_ client: SocketAddress, now: UInt64) -> Admission {
        if self.admission == .admitted { self.places += 1 }
        return self.admission
    }

    func release(_ client: SocketAddress) { self.places -= 1 }
}
