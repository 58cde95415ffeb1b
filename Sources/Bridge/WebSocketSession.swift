internal import Buffers
internal import IOCore
internal import Telemetry
internal import WebSocket

/// One WebSocket: drives the client's side, feeds the peer, and performs what the small machines decide.
///
/// The order of a window is kept: messages reach the peer before the Close or the violation behind them is acted on.
final class WebSocketSession<Peer: SessionPeer> {
    enum ClientSide: Equatable {
        case connected
        /// It sends nothing more; what is on its way to it still goes out.
        case ended
        /// Its stream is closed.
        case gone
    }

    let client: any ByteStream
    let loop: any EventLoop
    let settings: SessionSettings
    let identity: SessionIdentity
    private(set) var peer: Peer
    var reader = FrameReader()
    var closing = ClosingHandshake()
    var timekeeper: SessionTimekeeper
    var counters = SessionCounters()
    var inbound = Flow()
    var outbound = Flow()
    var assembly: MessageAssembly?
    var timer: TimerID?
    var clientSide = ClientSide.connected
    /// True once the end is in the log: the session is over for everybody.
    var isReported = false

    init(
        _ client: any ByteStream, peer: Peer, loop: any EventLoop, settings: SessionSettings, identity: SessionIdentity
    ) {
        self.client = client
        self.peer = peer
        self.loop = loop
        self.settings = settings
        self.identity = identity
        self.timekeeper = SessionTimekeeper(now: loop.now)
        self.schedule()
    }
}

// MARK: - Client's stream

extension WebSocketSession: ByteStreamDelegate {
    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        guard self.closing.state != .finished else { return }
        self.timekeeper.heard(now: self.loop.now)
        var run = OutputRun(at: start)
        var violation: ProtocolViolation?
        let messagesBefore = self.counters.messagesReceived
        do throws(ProtocolViolation) {
            try self.readFrames(&window, from: start, into: &run)
        } catch {
            violation = error
        }
        self.pass(&run, of: window)
        if self.counters.messagesReceived != messagesBefore { self.timekeeper.messagePassed(now: self.loop.now) }
        if let violation { self.fail(violation) }
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

// MARK: - Frames

extension WebSocketSession {
    private func readFrames(
        _ window: inout MutableSpan<UInt8>, from start: Int, into run: inout OutputRun
    ) throws(ProtocolViolation) {
        var offset = self.reader.begin(&window, at: start)
        let limits = self.settings.messages
        while let step = try self.reader.next(&window, at: &offset, limits: limits) {
            switch step {
            case .piece(let piece):
                offset = piece.offset &+ piece.count
                if piece.begins && piece.ends {
                    try self.take(whole: piece, in: &window, into: &run)
                } else {
                    try self.take(part: piece, of: &window, after: &run)
                }
            case .control(let opcode, let payload):
                self.pass(&run, of: window)
                try self.take(control: opcode, window.span.extracting(payload))
                guard self.closing.state != .finished else { return }
            }
        }
    }

    /// A message that lies whole in the window: moved next to what is ready, with its prefix and suffix.
    @inline(__always)
    private func take(
        whole piece: MessagePiece, in window: inout MutableSpan<UInt8>, into run: inout OutputRun
    ) throws(ProtocolViolation) {
        let encoding = self.peer.encoding
        let prefix = encoding.prefixCount(piece.type, payloadCount: piece.count)
        let suffix = encoding.suffix
        let last = suffix == nil ? piece.offset : piece.offset &- 1
        var destination = run.end &+ prefix
        if run.isEmpty || destination > last {
            self.pass(&run, of: window)
            destination = last
            run = OutputRun(at: last &- prefix)
        }
        try self.reader.transfer(piece, in: &window, to: destination)
        let count = try encoding.prepare(piece.type, &window, destination..<destination &+ piece.count)
        encoding.writePrefix(piece.type, payloadCount: count, into: &window, at: destination &- prefix)
        run.end = destination &+ count
        if let suffix {
            window[run.end] = suffix
            run.end &+= 1
        }
        try self.countMessage(piece.count)
    }

    /// A part of a message: collected until its last one is there.
    private func take(
        part piece: MessagePiece, of window: inout MutableSpan<UInt8>, after run: inout OutputRun
    ) throws(ProtocolViolation) {
        if piece.begins { self.assembly = MessageAssembly(piece, pool: self.loop.pool) }
        guard let assembly = self.assembly,
            try assembly.add(piece, from: window, reader: &self.reader)
        else { throw .outOfBuffers }
        guard piece.ends else { return }
        self.assembly = nil
        self.pass(&run, of: window)
        let count = try assembly.encode(self.peer.encoding)
        try self.countMessage(count)
        guard self.closing.isOpen, let sink = self.peer.sink(for: self.client) else { return }
        assembly.write(to: sink, pool: self.loop.pool)
        self.noteInput()
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

    /// Writes what is ready to the peer.
    @inline(__always)
    private func pass(_ run: inout OutputRun, of window: borrowing MutableSpan<UInt8>) {
        guard !run.isEmpty else { return }
        if self.closing.isOpen, let sink = self.peer.sink(for: self.client) {
            sink.write(window.span.extracting(run.start..<run.end))
            self.noteInput()
        }
        run = OutputRun(at: run.end)
    }

    @inline(__always)
    private func countMessage(_ payloadCount: Int) throws(ProtocolViolation) {
        self.counters.received(payloadBytes: payloadCount)
        if self.peer.returnsMessages, self.closing.isOpen { self.counters.sent(payloadBytes: payloadCount) }
        guard let limit = self.settings.messagesPerSecondMax else { return }
        guard self.timekeeper.admitMessage(now: self.loop.now, perSecond: limit) else {
            throw .policy(reason: "more than \(Int(limit)) messages a second")
        }
    }
}

/// Bytes of the window that are ready for the peer.
struct OutputRun {
    let start: Int
    var end: Int

    @inline(__always)
    init(at offset: Int) {
        self.start = offset
        self.end = offset
    }

    @inline(__always)
    var isEmpty: Bool { self.start == self.end }
}
