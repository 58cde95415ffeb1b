internal import Buffers
internal import IOCore
internal import Telemetry
internal import WebSocket

/// One WebSocket: drives the client's side, feeds the peer, and performs what the small machines decide.
///
/// The order of a window is kept: messages reach the peer before the Close or the violation behind them is acted on.
final class WebSocketSession {
    enum ClientSide: Equatable {
        case connected
        /// It sends nothing more; what is on its way to it still goes out.
        case ended
        /// Its stream is closed.
        case gone
    }

    // In an order that leaves no gaps: what an idle session holds is counted in bytes (docs/performance.md).
    let client: any ByteStream
    let settings: SessionSettings
    let peer: any SessionPeer
    let identity: SessionIdentity
    /// nil: nothing of the client's is under way.
    var memory: InboundMemory?
    var counters = SessionCounters()
    var timekeeper: SessionTimekeeper
    var timer: TimerID?
    var closing = ClosingHandshake()
    var inbound = Flow()
    var outbound = Flow()
    var clientSide = ClientSide.connected
    /// True once the server is going away: a client that has our Close is not waited for.
    var isDraining = false
    /// True once the end is in the log: the session is over for everybody.
    var isReported = false

    init(
        _ client: any ByteStream, peer: any SessionPeer, settings: SessionSettings, identity: SessionIdentity
    ) {
        self.client = client
        self.peer = peer
        self.settings = settings
        self.identity = identity
        let now = settings.now
        self.timekeeper = SessionTimekeeper(now: now)
        self.memory = settings.messagesPerSecondMax.map { rate in
            InboundMemory(allowance: MessageAllowance(perSecond: rate, now: now))
        }
        self.schedule()
    }

    var loop: any EventLoop { self.settings.loop }
    var now: UInt64 { self.settings.now }
}

// MARK: - Client's stream

extension WebSocketSession: ByteStreamDelegate {
    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        guard !self.closing.isFinished else { return }
        self.timekeeper.heard()
        var pump = InboundPump(
            self.peer.encoding, joinsMessages: !self.peer.isTerminal, resuming: self.memory, &window, at: start)
        do throws(ProtocolViolation) {
            while let step = try pump.next(&window, self.settings) {
                try self.perform(step, window)
                guard !self.closing.isFinished else { return }
            }
            self.memory = pump.finish()
        } catch {
            let run = pump.takeRun()
            if !run.isEmpty { self.pass(run, of: window) }
            self.fail(error)
        }
    }

    func inputEnded() {
        // After a goodbye, its own or ours, it may go on reading; without one it is gone.
        guard !self.closing.isOpen, self.client.unsentCount > 0 else { return self.loseClient() }
        self.clientSide = .ended
    }

    func failed(_ failure: StreamFailure) {
        if failure == .outOfBuffers {
            self.settings.log.write(.warning, "session ended: the worker is out of buffers", self.identityFields)
        }
        self.loseClient()
    }

    func outputAdvanced() {
        if self.clientSide == .ended, self.client.unsentCount == 0 { return self.loseClient() }
        self.noteOutput()
        // An echo's input waits for its own output.
        self.noteInput()
    }
}

// MARK: - What the pump found

extension WebSocketSession {
    private func perform(
        _ step: InboundPump.Step, _ window: borrowing MutableSpan<UInt8>
    ) throws(ProtocolViolation) {
        switch step {
        case .output(let run):
            self.pass(run, of: window)
            try self.admit(messages: run.messages)
        case .collected(let message, let payloadCount):
            self.pass(message, payloadCount)
            try self.admit(messages: 1)
        case .control(let opcode, let payload):
            try self.take(control: opcode, window.span.extracting(payload))
        }
    }

    /// Writes what is ready to the peer.
    private func pass(_ run: OutputRun, of window: borrowing MutableSpan<UInt8>) {
        self.countReceived(messages: run.messages, run.payloadCount)
        guard self.passesMessages, let sink = self.peer.sink(for: self.client) else { return }
        sink.write(window.span.extracting(run.start..<run.end))
        self.countReturned(messages: run.messages, run.payloadCount)
        self.noteInput(waiting: sink.unsentCount)
    }

    private func pass(_ message: MessageAssembly, _ payloadCount: Int) {
        self.countReceived(messages: 1, payloadCount)
        if self.peer.isTerminal, let size = message.terminalSize { return self.peer.resizeTerminal(to: size) }
        guard self.passesMessages, let sink = self.peer.sink(for: self.client) else { return }
        message.write(to: sink, pool: self.loop.pool)
        self.countReturned(messages: 1, payloadCount)
        self.noteInput(waiting: sink.unsentCount)
    }

    private func countReturned(messages: Int, _ payloadCount: Int) {
        if self.peer.returnsMessages { self.counters.sent(messages: messages, payloadBytes: payloadCount) }
    }

    private func countReceived(messages: Int, _ payloadCount: Int) {
        self.counters.received(messages: messages, payloadBytes: payloadCount)
        if self.passesMessages { self.timekeeper.progressed(now: self.now) }
    }

    /// Whether messages still reach the peer. What was on its way when our Close went out is not lost to a server that
    /// ended its own direction alone.
    var passesMessages: Bool {
        switch self.closing.state {
        case .open: true
        case .awaitingReply: self.peer.takesLateMessages
        case .finished: false
        }
    }

    private func admit(messages: Int) throws(ProtocolViolation) {
        guard let limit = self.settings.messagesPerSecondMax else { return }
        guard self.memory?.admit(messages: messages, now: self.now) ?? true else {
            throw .policy(reason: "more than \(Int(limit)) messages a second")
        }
    }

    private func take(control opcode: Opcode, _ payload: Span<UInt8>) throws(ProtocolViolation) {
        switch opcode {
        case .ping:
            // A client that pings and does not read gets no more pongs than what it lets through.
            guard self.closing.isOpen, self.client.unsentCount <= self.settings.watermarks.high else { return }
            self.client.write(ServerFrame.control(.pong, payload: payload).span)
        case .close:
            self.perform(self.closing.received(try CloseFrame(parsing: payload)))
        case .pong, .continuation, .text, .binary:
            break
        }
    }
}
