internal import Buffers
internal import WebSocket

/// Makes of one window of a client's bytes what the peer reads, in place, as far as it can without anybody else.
///
/// It lives for one window; what the next one has to know is kept in an `InboundMemory`. What has to be performed comes
/// back as a step, in order.
struct InboundPump: ~Copyable {
    enum Step {
        /// Messages for the peer that lie next to each other in the window.
        case output(OutputRun)
        /// A message that was collected and encoded, and its payload's length.
        case collected(MessageAssembly, payloadCount: Int)
        /// A Ping, Pong or Close and its payload.
        case control(Opcode, payload: Range<Int>)
    }

    private let encoding: MessageEncoding
    /// Whether messages of one read may leave as one run; else each is collected, to be looked at by itself.
    private let joinsMessages: Bool
    private let limits: MessageLimits
    private let pool: BlockPool
    private var reader: FrameReader
    private var collecting: MessageAssembly?
    /// True exactly while a large message passes part by part.
    private var isPassing: Bool
    private var run = OutputRun(at: 0)
    /// What came right behind the run and waits for its turn.
    private var waiting: Step?
    private var offset: Int

    /// Starts on a window whose bytes from `start` on are new.
    init(
        _ encoding: MessageEncoding, joinsMessages: Bool, limits: MessageLimits, pool: BlockPool,
        resuming memory: InboundMemory?, _ window: inout MutableSpan<UInt8>, at start: Int
    ) {
        self.encoding = encoding
        self.joinsMessages = joinsMessages
        self.limits = limits
        self.pool = pool
        self.reader = memory?.reader ?? FrameReader()
        self.collecting = memory?.collecting
        self.isPassing = memory?.isPassing ?? false
        self.offset = self.reader.begin(&window, at: start)
    }

    /// Works until there is something to perform, or nothing left. After a violation `takeRun` has what was before it.
    mutating func next(_ window: inout MutableSpan<UInt8>) throws(ProtocolViolation) -> Step? {
        if let step = self.waiting.take() { return step }
        while true {
            if self.joinsMessages, try self.gather(&window) { return .output(self.takeRun()) }
            guard let step = try self.nextUnusual(&window) else {
                return self.run.isEmpty ? nil : .output(self.takeRun())
            }
            guard !self.run.isEmpty else { return step }
            self.waiting = step
            return .output(self.takeRun())
        }
    }

    /// What is ready for the peer, and ends the run.
    mutating func takeRun() -> OutputRun {
        defer { self.run = OutputRun(at: 0) }
        return self.run
    }

    /// Once the window is done with: keeps what has begun and not ended.
    consuming func remember(in memory: inout InboundMemory?) {
        guard self.reader.isAtRest else {
            let kept = memory ?? InboundMemory()
            kept.keep(self.reader, self.collecting, isPassing: self.isPassing)
            memory = kept
            return
        }
        if let kept = memory, !kept.rest() { memory = nil }
    }
}

// MARK: - Whole messages

extension InboundPump {
    /// Puts whole messages next to each other, as many as follow. True when one does not fit behind the others: it is
    /// the first of the next run.
    private mutating func gather(_ window: inout MutableSpan<UInt8>) throws(ProtocolViolation) -> Bool {
        guard !self.reader.isWithinMessage else { return false }
        switch self.encoding {
        case .frames(let encoding): return try self.gather(&window, encoding)
        case .records(let encoding): return try self.gather(&window, encoding)
        }
    }

    private mutating func gather<Encoding: PayloadEncoding>(
        _ window: inout MutableSpan<UInt8>, _ encoding: Encoding
    ) throws(ProtocolViolation) -> Bool {
        // A value of its own, which the loop can keep in registers.
        var run = self.run
        defer { self.run = run }
        let suffix = encoding.suffix
        while let frame = FrameReader.wholeFrame(window, at: self.offset, limits: self.limits) {
            let prefix = encoding.prefixCount(frame.type, payloadCount: frame.count)
            let last = suffix == nil ? frame.offset : frame.offset &- 1
            var destination = run.end &+ prefix
            if run.isEmpty {
                destination = last
                run = OutputRun(at: last &- prefix)
            } else if destination > last {
                return true
            }
            try FrameReader.transfer(frame, in: &window, to: destination)
            let count = try encoding.prepare(frame.type, &window, destination..<destination &+ frame.count)
            encoding.writePrefix(frame.type, payloadCount: count, into: &window, at: destination &- prefix)
            if let suffix { window[destination &+ count] = suffix }
            run.extend(to: destination &+ count &+ (suffix == nil ? 0 : 1), payloadCount: count)
            self.offset = frame.offset &+ frame.count
        }
        return false
    }
}

// MARK: - Parts of messages, control frames

extension InboundPump {
    private mutating func nextUnusual(_ window: inout MutableSpan<UInt8>) throws(ProtocolViolation) -> Step? {
        guard self.offset < window.count else { return nil }
        while let step = try self.reader.next(&window, at: &self.offset, limits: self.limits) {
            switch step {
            case .control(let opcode, let payload):
                return .control(opcode, payload: payload)
            case .piece(let piece):
                self.offset = piece.offset + piece.count
                if self.isPassing || (piece.begins && self.mayPass(piece)) {
                    return .output(try self.pass(piece, in: &window))
                }
                if let step = try self.collect(piece, of: window) { return step }
            }
        }
        return nil
    }

    /// From this size on a frame goes on as it comes where the other side takes parts: nothing is kept of it, and the
    /// bytes are still in the cache when they leave. Smaller ones are worth waiting for, so that they stay whole.
    private static let passedBytesMin = 64 << 10

    private func mayPass(_ piece: MessagePiece) -> Bool {
        piece.count + piece.frameRest >= Self.passedBytesMin && self.encoding.takesParts
    }

    /// Unmasks a part where it lies. What goes in front of it is at most as long as the client's header was, or goes
    /// into the window's headroom.
    private mutating func pass(
        _ piece: MessagePiece, in window: inout MutableSpan<UInt8>
    ) throws(ProtocolViolation) -> OutputRun {
        self.isPassing = !piece.ends
        try self.reader.transfer(piece, in: &window, to: piece.offset)
        let prefix = self.encoding.writePartPrefix(piece, into: &window)
        var run = OutputRun(at: piece.offset - prefix)
        run.extend(to: piece.offset + piece.count, payloadCount: piece.count, messages: piece.ends ? 1 : 0)
        return run
    }

    /// Adds a part to its message; a step once the message is complete.
    private mutating func collect(
        _ piece: MessagePiece, of window: borrowing MutableSpan<UInt8>
    ) throws(ProtocolViolation) -> Step? {
        if piece.begins { self.collecting = MessageAssembly(piece, pool: self.pool) }
        guard let message = self.collecting, try message.add(piece, from: window, reader: &self.reader) else {
            throw .outOfBuffers
        }
        guard piece.ends else { return nil }
        self.collecting = nil
        return .collected(message, payloadCount: try message.encode(self.encoding))
    }
}
