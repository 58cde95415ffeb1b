@testable import Bridge
import Buffers
import IOCore
import SimulatedIO
import StdioFraming

/// One session with a server behind it, over simulated connections.
final class UpstreamHarness {
    let loop: SimulatedLoop
    let client: WebSocketClient
    /// The far end of the connection to the server.
    let server: SimulatedClient
    let log = RecordingLog()
    private(set) var releases = 0
    weak var session: WebSocketSession?
    weak var peer: UpstreamPeer?

    init(
        _ seed: Seed = Seed(0), faults: SimulatedFaults = .none, session options: SessionOptions = SessionOptions(),
        framing: CommandOptions = .raw, capacity: Int = SimulatedPipe.capacityStandard
    ) {
        self.loop = SimulatedLoop(seed, faults: faults)
        self.client = WebSocketClient(self.loop, capacity: capacity)
        self.server = SimulatedClient(self.loop, capacity: capacity)
        let connector = SimulatedConnector(self.loop)
        let settings = UpstreamSettings(connector: connector, records: framing.records, token: nil)
        let connection = SimulatedConnection(self.server.stream) { [unowned self] in self.releases += 1 }
        let peer = UpstreamPeer(connection, settings: settings)
        let session = self.client.session(with: peer, options.settings(self.log, self.loop))
        peer.start(session)
        session.reportStart()
        self.session = session
        self.peer = peer
    }

    /// A server that gives back what it gets, and its end when it gets the end.
    func echo() {
        var echoed = 0
        self.server.react = { [unowned self] in
            self.server.send(Array(self.server.received[echoed...]))
            echoed = self.server.received.count
        }
    }

    /// What the client got, joined: where a message ends means nothing.
    var clientBytes: [UInt8] { self.client.messages.flatMap(\.payload) }

    /// What is left once everything is over: nothing, and one line in the log.
    var remains: [String] {
        var remains = self.loop.remains(self.log)
        if self.session != nil { remains.append("the session") }
        if self.peer != nil { remains.append("the peer") }
        if self.client.transport.stream.isOpen { remains.append("the client's stream") }
        if self.server.stream.isOpen { remains.append("the server's stream") }
        if self.releases != 1 { remains.append("\(self.releases) releases") }
        return remains
    }
}

extension CommandOptions {
    /// What servers get unless the route says otherwise.
    static var raw: CommandOptions {
        var options = CommandOptions()
        options.framing = .raw
        return options
    }
}

/// Connects as the test wants, in a later turn.
final class SimulatedConnector: Connector, SimulatedParticipant {
    enum Plan {
        case connect
        case fail(ConnectFailure)
        case wait
    }

    final class Attempt: ConnectAttempt {
        var client: (any ConnectClient)?
        init(_ client: any ConnectClient) { self.client = client }
        func cancel() { self.client = nil }
    }

    var plan = Plan.connect
    private(set) var requests: [ConnectRequest] = []
    private(set) var servers: [SimulatedClient] = []
    private(set) var releases = 0
    private var attempts: [Attempt] = []
    private let loop: SimulatedLoop

    init(_ loop: SimulatedLoop) {
        self.loop = loop
        loop.add(self)
    }

    /// Attempts that somebody still waits for.
    var waiting: Int { self.attempts.count { $0.client != nil } }

    func connect(_ request: ConnectRequest, _ client: any ConnectClient) -> ConnectOutcome {
        self.requests.append(request)
        let attempt = Attempt(client)
        self.attempts.append(attempt)
        return .underWay(attempt)
    }

    var deadline: UInt64? { nil }

    func turn() -> Bool {
        if case .wait = self.plan { return false }
        guard !self.attempts.isEmpty, let client = self.attempts.removeFirst().client else { return false }
        switch self.plan {
        case .connect:
            let server = SimulatedClient(self.loop)
            self.servers.append(server)
            client.connected(SimulatedConnection(server.stream) { self.releases += 1 })
        case .fail(let failure):
            client.connectFailed(failure)
        case .wait:
            break
        }
        return true
    }
}

/// A connection to a server that serves once.
final class SimulatedConnection: UpstreamConnection {
    let stream: any ByteStream
    let name = "server:1"
    let isReused = false
    let serverKey: UInt64? = nil
    private let released: () -> Void

    init(_ stream: any ByteStream, released: @escaping () -> Void) {
        self.stream = stream
        self.released = released
    }

    func release() { self.released() }
    func park() -> Bool { false }
}
