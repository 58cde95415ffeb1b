import Buffers
import IOCore
import SimulatedIO
import TLSEngine
import TLSPeers
import Transport

/// A TLS stream over a simulated connection, and a client that the test speaks for.
final class TLSHarness: TLSHandshakeClient {
    static let deadline: UInt64 = 10_000_000_000
    static let plainAnswer = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
    static let now: Int64 = 1_800_000_000
    static let identity = SelfSigned.make(names: [], now: TLSHarness.now)
    static let contexts: ServerContexts? = {
        guard let identity = TLSHarness.identity,
            let tickets = TicketKeys([UInt8](repeating: 1, count: TicketKeys.keyBytes))
        else { return nil }
        return ServerContexts.build([identity], TLSSettings(), tickets: tickets, now: TLSHarness.now).contexts
    }()
    /// The certificate is looked at in the tests of the engine.
    static let clientContext = try? ClientContext(TLSSettings())

    let loop: SimulatedLoop
    let workspace: TLSWorkspace
    let client: SimulatedClient
    weak var stream: TLSStream?
    weak var delegate: RecordingDelegate?
    var failure: TLSHandshakeFailure?
    /// Called on the fresh delegate.
    var prepare: (RecordingDelegate) -> Void = { _ in }
    /// The client's side.
    var engine: TLSEngine
    var clientHeard: [UInt8] = []
    private var clientUsed = 0

    init?(
        _ seed: Seed = Seed(0), faults: SimulatedFaults = .none, capacity: Int = 64 << 10,
        sharing other: TLSHarness? = nil
    ) {
        guard let contexts = Self.contexts, let context = Self.clientContext, let server = TLSEngine(contexts),
            let engine = TLSEngine(context, serverName: "localhost")
        else { return nil }
        self.loop = other?.loop ?? SimulatedLoop(seed, faults: faults)
        self.workspace = other?.workspace ?? TLSWorkspace(self.loop, plainAnswer: Self.plainAnswer)
        self.client = SimulatedClient(self.loop, capacity: capacity)
        self.engine = engine
        let stream = TLSStream(
            over: self.client.stream, server, workspace: self.workspace, client: self,
            deadline: self.loop.now + Self.deadline)
        self.stream = stream
        self.client.react = { [weak self] in self?.step() }
    }

    func handshakeCompleted(_ stream: TLSStream) {
        let delegate = RecordingDelegate(stream)
        stream.delegate = delegate
        self.delegate = delegate
        self.prepare(delegate)
    }

    func handshakeFailed(_ failure: TLSHandshakeFailure) { self.failure = failure }

    /// The client's engine takes what has come.
    func step() {
        let input = Array(self.client.received[self.clientUsed...])
        self.clientUsed = self.client.received.count
        let all = self.engine.take(input)
        self.clientHeard += all.heard
        if !all.output.isEmpty { self.client.send(all.output) }
    }

    /// What the client's engine makes of `bytes`.
    func sealed(_ bytes: [UInt8]) -> [UInt8] { self.engine.sealed(bytes) }

    func send(_ bytes: [UInt8]) { self.client.send(self.sealed(bytes)) }

    func sendGoodbye() {
        var output = [UInt8](repeating: 0, count: 100)
        var span = output.mutableSpan
        let progress = self.engine.finish(output: &span)
        self.client.send(Array(output.prefix(progress.outputCount)))
    }

    /// Runs the handshake to its end.
    func connect() -> RecordingDelegate? {
        self.step()
        _ = self.loop.run { self.delegate != nil && self.engine.isEstablished || self.failure != nil }
        return self.delegate
    }

    /// What is left once everything is over: nothing.
    var remains: [String] {
        var remains: [String] = []
        if self.stream != nil { remains.append("the stream") }
        if self.client.stream.isOpen { remains.append("the stream below") }
        if self.loop.timerCount > 0 { remains.append("\(self.loop.timerCount) timers") }
        if self.loop.pool.bytesLent > 0 { remains.append("\(self.loop.pool.bytesLent) bytes of the pool") }
        return remains
    }
}
