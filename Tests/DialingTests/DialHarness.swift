import Buffers
import Dialing
import IOCore
import SimulatedIO
import SystemCalls
import Transport
import Upstreams

/// A connector over simulated servers.
final class DialHarness {
    let loop: SimulatedLoop
    let names = SimulatedNames()
    let events = EventLog()
    private(set) lazy var workspace = TLSWorkspace(self.loop, plainAnswer: [])

    init(_ seed: Seed = Seed(0), faults: SimulatedFaults = .none) {
        self.loop = SimulatedLoop(seed, faults: faults)
        self.names.loop = self.loop
    }

    func group(
        _ servers: [String], _ change: (inout UpstreamGroup.Settings) -> Void = { _ in }
    ) throws -> UpstreamGroup {
        var settings = UpstreamGroup.Settings(servers: try servers.map { try UpstreamAddress($0) })
        change(&settings)
        return UpstreamGroup(settings) { [events] in events.add($0) }
    }

    func connector(_ target: UpstreamConnector.Target, _ settings: DialSettings = DialSettings()) -> UpstreamConnector {
        UpstreamConnector(target, settings, loop: self.loop, names: self.names) { self.workspace }
    }

    func connector(_ servers: String..., settings: DialSettings = DialSettings()) throws -> UpstreamConnector {
        self.connector(.group(try self.group(servers)), settings)
    }

    static let request = ConnectRequest(
        client: .ipv4(address: 0xC000_0201, port: 4711), local: .ipv4(address: 0xC000_0202, port: 443))

    /// Begins a connection; nobody may be told from inside.
    func begin(_ connector: UpstreamConnector, _ request: ConnectRequest = DialHarness.request) -> Caller {
        let caller = Caller()
        caller.connect(connector, request)
        return caller
    }

    func connect(_ connector: UpstreamConnector, _ request: ConnectRequest = DialHarness.request) -> Caller {
        let caller = self.begin(connector, request)
        _ = self.loop.run { caller.isTold }
        return caller
    }

    /// Which address the caller's connection leads to.
    func address(of caller: Caller) -> SocketAddress? {
        guard let stream = caller.connection?.stream else { return nil }
        return self.loop.network.accepted.first { $0.end.stream === stream }?.address
    }

    /// What is left once everything is over: nothing.
    var remains: [String] {
        var remains: [String] = []
        if self.loop.timerCount > 0 { remains.append("\(self.loop.timerCount) timers") }
        if self.loop.network.openCount > 0 { remains.append("\(self.loop.network.openCount) sockets being connected") }
        if self.loop.pool.bytesLent > 0 { remains.append("\(self.loop.pool.bytesLent) bytes of the pool") }
        return remains
    }
}

/// Who asked for a connection.
final class Caller: ConnectClient {
    var attempt: (any ConnectAttempt)?
    private(set) var connection: (any UpstreamConnection)?
    private(set) var failure: ConnectFailure?
    private(set) var toldCount = 0
    var isTold: Bool { self.toldCount > 0 }

    func connect(_ connector: UpstreamConnector, _ request: ConnectRequest) {
        switch connector.connect(request, self) {
        case .reused(let connection): self.connected(connection)
        case .underWay(let attempt): self.attempt = attempt
        }
    }

    func connected(_ connection: any UpstreamConnection) {
        self.connection = connection
        self.toldCount += 1
    }

    func connectFailed(_ failure: ConnectFailure) {
        self.failure = failure
        self.toldCount += 1
    }
}

/// Names that are known, after a time.
final class SimulatedNames: NameLookup {
    /// Who is not here is not found.
    var answers: [String: NameAnswer] = [:]
    /// Nanoseconds; nil: known at once.
    var delay: UInt64?
    var asked: [String] = []
    var cancelledCount = 0
    weak var loop: SimulatedLoop?

    func resolve(_ name: String, _ client: any NameLookupClient) -> NameLookupOutcome {
        self.asked.append(name)
        let answer = self.answers[name] ?? .failed(reason: "name or service not known")
        guard let delay = self.delay, let loop = self.loop else { return .known(answer) }
        let question = Question(client, answer, self)
        _ = loop.startTimer(question, at: loop.now &+ delay)
        return .asked(question)
    }

    private final class Question: NameLookupTicket, TimerClient {
        private weak var client: (any NameLookupClient)?
        private let answer: NameAnswer
        private let names: SimulatedNames

        init(_ client: any NameLookupClient, _ answer: NameAnswer, _ names: SimulatedNames) {
            self.client = client
            self.answer = answer
            self.names = names
        }

        func timerFired() { self.client?.nameResolved(self.answer) }

        func cancel() {
            self.client = nil
            self.names.cancelledCount += 1
        }
    }
}

/// What was told about servers.
final class EventLog: Sendable {
    private let list = Lock<[UpstreamEvent]>([])

    func add(_ event: UpstreamEvent) { self.list.withLock { $0.append(event) } }

    var events: [UpstreamEvent] { self.list.withLock { $0 } }
}
