import Bridge
import Buffers
import Forwarding
import HTTP1
import HTTPConnection
import HTTPSemantics
import IOCore
@testable import Proxy
import SimulatedIO
import SystemCalls
import Telemetry
import WebSocket

/// A proxied route of one worker, with simulated clients in front and simulated servers behind.
final class ProxyHarness: HTTPService {
    struct Options {
        var faults = SimulatedFaults.none
        var rules = ForwardingRules()
        var backpressureMax = 64 << 10
        var responseTimeout: UInt64?
        var idleTimeout: UInt64?
        var messageBytesMax: UInt64?
        var stickyCookie: String?
    }

    static let second: UInt64 = 1_000_000_000
    private static let address = SocketAddress.ipv4(address: 0x7F00_0001, port: 8080)

    let loop: SimulatedLoop
    let log = QuietLog()
    let connector: PoolingConnector
    let route: ProxyRoute
    let ledger = CountingLedger()
    let answers = AnswerCount()
    private(set) var refusals: [Status] = []
    private var clients: [SimulatedClient] = []

    init(_ seed: Seed = Seed(0), _ options: Options = Options()) {
        let loop = SimulatedLoop(seed, faults: options.faults)
        self.loop = loop
        self.connector = PoolingConnector(loop)
        let settings = SessionSettings(
            routeName: "/", frameBytesMax: 1 << 20, messageBytesMax: 1 << 20,
            backpressureMax: options.backpressureMax, pingInterval: nil, pingTimeout: Self.second,
            idleTimeout: options.idleTimeout, lifetimeMax: nil, closeTimeout: 5 * Self.second,
            messagesPerSecondMax: nil, log: self.log, loop: loop)
        let proxy = ProxySettings(
            connector: self.connector, rules: options.rules, responseTimeout: options.responseTimeout,
            stallTimeout: 60 * Self.second, stickyCookie: options.stickyCookie,
            messageBytesMax: options.messageBytesMax)
        self.route = ProxyRoute(
            proxy, settings: settings, origins: [.any], ledger: self.ledger, drawID: { HexID(high: 1, low: 2) })
        self.log.ledger = self.ledger
    }

    func connect(capacity: Int = 1 << 16) -> SimulatedClient {
        let client = SimulatedClient(self.loop, capacity: capacity)
        client.stream.delegate = HTTPConnection(
            client.stream, loop: self.loop, service: self,
            client: ClientConnection(address: Self.address, listener: Self.address),
            limits: HTTPConnection.Limits(
                head: RequestHeadLimits(), headTimeout: 10 * Self.second, lingerTimeout: Self.second))
        self.clients.append(client)
        return client
    }

    func serve(_ exchange: Exchange) {
        exchange.count = self.answers
        switch OpeningHandshake.decide(exchange.head) {
        case .notUpgrade: self.route.forward(exchange)
        case .accepted(let acceptValue, _): self.route.open(exchange, acceptValue: acceptValue)
        case .refused(let violation): exchange.refuse(violation.status, violation.reason)
        }
    }

    func refused(_ client: ClientConnection, _ status: Status, _ reason: String) { self.refusals.append(status) }

    /// Runs until the client has what it waits for.
    func run(until condition: () -> Bool) -> Bool { self.loop.run(for: 200 * Self.second, until: condition) }

    /// Everybody goes; what is left then: nothing.
    func remainsAfterwards() -> [String] {
        for client in self.clients { client.close() }
        self.route.drain()
        _ = self.loop.run(for: 120 * Self.second) {
            self.loop.timerCount == 0 && !self.route.isInUse && self.ledger.count == 0
        }
        var remains: [String] = []
        if self.loop.timerCount > 0 { remains.append("\(self.loop.timerCount) timers") }
        if self.loop.pool.bytesLent > 0 { remains.append("\(self.loop.pool.bytesLent) bytes of the pool") }
        if self.route.isInUse { remains.append("an exchange") }
        if self.ledger.count != 0 { remains.append("\(self.ledger.count) places") }
        if self.connector.openCount != 0 { remains.append("\(self.connector.openCount) connections") }
        for client in self.clients where client.stream.isOpen { remains.append("a client's stream") }
        return remains
    }
}

/// Connects to servers that answer as the test says, and keeps connections that are given back.
final class PoolingConnector: Connector, SimulatedParticipant {
    final class Attempt: ConnectAttempt {
        var client: (any ConnectClient)?
        init(_ client: any ConnectClient) { self.client = client }
        func cancel() { self.client = nil }
    }

    final class Connection: UpstreamConnection {
        let server: SimulatedClient
        let isReused: Bool
        private let connector: PoolingConnector

        init(to server: SimulatedClient, isReused: Bool, _ connector: PoolingConnector) {
            self.server = server
            self.isReused = isReused
            self.connector = connector
            connector.openCount += 1
        }

        var stream: any ByteStream { self.server.stream }
        var name: String { "server:1" }
        var serverKey: UInt64? { 0xAB }
        func release() { self.connector.openCount -= 1 }
        func park() -> Bool {
            self.connector.openCount -= 1
            self.server.stream.delegate = nil
            self.connector.parked.append(self.server)
            return true
        }
    }

    /// What a server does with the bytes that it has of requests; it may clear them.
    var serve: (SimulatedClient, inout [UInt8]) -> Void = { _, _ in }
    /// What fits into a server's connection in each direction.
    var capacity = SimulatedPipe.capacityStandard
    /// How what servers send is cut.
    var cuts = SimulatedClient.Cuts.none
    private(set) var servers: [SimulatedClient] = []
    private(set) var requests: [ConnectRequest] = []
    /// Connections that are in use.
    private(set) var openCount = 0
    private var parked: [SimulatedClient] = []
    private var attempts: [Attempt] = []
    private let loop: SimulatedLoop

    init(_ loop: SimulatedLoop) {
        self.loop = loop
        loop.add(self)
    }

    func connect(_ request: ConnectRequest, _ client: any ConnectClient) -> ConnectOutcome {
        self.requests.append(request)
        if request.mayReuse, let server = self.parked.popLast() {
            return .reused(Connection(to: server, isReused: true, self))
        }
        let attempt = Attempt(client)
        self.attempts.append(attempt)
        return .underWay(attempt)
    }

    func drain() {
        for server in self.parked { server.stream.close() }
        self.parked = []
    }

    var deadline: UInt64? { nil }

    func turn() -> Bool {
        guard !self.attempts.isEmpty else { return false }
        let attempt = self.attempts.removeFirst()
        guard let client = attempt.client else { return false }
        client.connected(Connection(to: self.open(), isReused: false, self))
        return true
    }

    private func open() -> SimulatedClient {
        let server = SimulatedClient(self.loop, capacity: self.capacity)
        server.cuts = self.cuts
        var taken = 0
        var request: [UInt8] = []
        server.react = { [weak self, unowned server] in
            request += server.received[taken...]
            taken = server.received.count
            self?.serve(server, &request)
        }
        self.servers.append(server)
        return server
    }
}

final class CountingLedger: SessionLedger {
    var count = 0
    func admit(_ client: SocketAddress, now: UInt64) -> Admission {
        self.count += 1
        return .admitted
    }
    func release(_ client: SocketAddress) { self.count -= 1 }
}

final class QuietLog: SessionLog {
    var lines: [(message: String, fields: [LogField])] = []
    weak var ledger: CountingLedger?
    func isEnabled(_ level: LogLevel) -> Bool { true }
    func write(_ level: LogLevel, _ message: String, _ fields: [LogField]) { self.lines.append((message, fields)) }
    func sessionBegan() {}
    func sessionEnded(_ identity: SessionIdentity) { self.ledger?.release(identity.client) }

    func closing(_ key: String) -> LogValue? {
        self.lines.last { $0.message == "session closed" }?.fields.first { $0.key == key }?.value
    }
}

extension [UInt8] {
    /// Whether the text stands in it.
    func contains(_ text: String) -> Bool { String(decoding: self, as: UTF8.self).contains(text) }

    var text: String { String(decoding: self, as: UTF8.self) }
}
