internal import Buffers
internal import IOCore
internal import WebSocket

/// Makes of one window of a client's bytes what the peer reads, in place, as far as it can without anybody else.
///
/// It lives for one window; what the next one has to know is in an `InboundMemory`. What has to be performed comes back
/// as a step, in order.
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
    /// nil as long as nothing came but whole messages.
    private var memory: InboundMemory?
    private var run = OutputRun(at: 0)
    private var offset: Int

    /// Starts on a window whose bytes from `start` on are new.
    init(
        _ encoding: MessageEncoding, joinsMessages: Bool, resuming memory: InboundMemory?,
        _ window: inout MutableSpan<UInt8>, at start: Int
    ) {
        self.encoding = encoding
        self.joinsMessages = joinsMessages
        self.memory = memory
        self.offset = memory?.reader.begin(&window, at: start) ?? start
    }

    /// Works until there is something to perform, or nothing left. After a violation `takeRun` has what was before it.
    mutating func next(
        _ window: inout MutableSpan<UInt8>, _ settings: SessionSettings
    ) throws(ProtocolViolation) -> Step? {
        if self.joinsMessages { try self.gather(&window, settings.messages) }
        guard self.run.isEmpty else { return .output(self.takeRun()) }
        return self.offset < window.count ? try self.nextUnusual(&window, settings) : nil
    }

    /// What is ready for the peer, and ends the run.
    mutating func takeRun() -> OutputRun {
        defer { self.run = OutputRun(at: 0) }
        return self.run
    }

    /// Once the window is done with: what the next one has to know, if anything.
    consuming func finish() -> InboundMemory? {
        guard let memory = self.memory, !memory.isEmpty else { return nil }
        return memory
    }
}

// MARK: - Whole messages

extension InboundPump {
    /// Puts whole messages next to each other, as many as follow and fit: one that needs more in front of it than there
    /// is begins the next run.
    private mutating func gather(
        _ window: inout MutableSpan<UInt8>, _ limits: MessageLimits
    ) throws(ProtocolViolation) {
        if let memory = self.memory, memory.reader.isWithinMessage { return }
        switch self.encoding {
        case .frames(let encoding): try self.gather(&window, limits, encoding)
        case .records(let encoding): try self.gather(&window, limits, encoding)
        }
    }

    private mutating func gather<Encoding: PayloadEncoding>(
        _ window: inout MutableSpan<UInt8>, _ limits: MessageLimits, _ encoding: Encoding
    ) throws(ProtocolViolation) {
        // A value of its own, which the loop can keep in registers.
        var run = self.run
        defer { self.run = run }
        let suffix = encoding.suffix
        while let frame = FrameReader.wholeFrame(window, at: self.offset, limits: limits) {
            let prefix = encoding.prefixCount(frame.type, payloadCount: frame.count)
            let last = suffix == nil ? frame.offset : frame.offset &- 1
            var destination = run.end &+ prefix
            if run.isEmpty {
                destination = last
                run = OutputRun(at: last &- prefix)
            } else if destination > last {
                return
            }
            try FrameReader.transfer(frame, in: &window, to: destination)
            let count = try encoding.prepare(frame.type, &window, destination..<destination &+ frame.count)
            encoding.writePrefix(frame.type, payloadCount: count, into: &window, at: destination &- prefix)
            if let suffix { window[destination &+ count] = suffix }
            run.extend(to: destination &+ count &+ (suffix == nil ? 0 : 1), payloadCount: count)
            self.offset = frame.offset &+ frame.count
        }
    }
}

// MARK: - Parts of messages, control frames

extension InboundPump {
    private mutating func nextUnusual(
        _ window: inout MutableSpan<UInt8>, _ settings: SessionSettings
    ) throws(ProtocolViolation) -> Step? {
        let memory = self.memory ?? InboundMemory()
        self.memory = memory
        while let step = try memory.reader.next(&window, at: &self.offset, limits: settings.messages) {
            switch step {
            case .control(let opcode, let payload):
                return .control(opcode, payload: payload)
            case .piece(let piece):
                self.offset = piece.offset + piece.count
                if memory.isPassing || (piece.begins && self.mayPass(frameOf: piece.count + piece.frameRest)) {
                    try self.pass(piece, in: &window, memory)
                    if self.joinsMessages && self.nextIsPassed(window, memory) { continue }
                    return .output(self.takeRun())
                }
                if let step = try self.collect(piece, of: window, memory, settings.loop.pool) { return step }
            }
        }
        return nil
    }

    /// From this size on a frame goes on as it comes where the other side takes parts: nothing is kept of it, and the
    /// bytes are still in the cache when they leave. Smaller ones are worth waiting for, so that they stay whole.
    private static let passedBytesMin = 64 << 10

    private func mayPass(frameOf payloadCount: Int) -> Bool {
        payloadCount >= Self.passedBytesMin && self.encoding.takesParts
    }

    /// Whether what follows goes on as it comes too, and so may leave with the part before it.
    private func nextIsPassed(_ window: borrowing MutableSpan<UInt8>, _ memory: InboundMemory) -> Bool {
        guard let header = try? FrameHeader.parse(window, at: self.offset) else { return false }
        switch header.opcode {
        case .continuation: return memory.isPassing
        case .text, .binary: return !memory.isPassing && self.mayPass(frameOf: header.payloadCount)
        case .close, .ping, .pong: return false
        }
    }

    /// Unmasks a part behind what is ready, or where it lies. What goes in front of it is shorter than the client's
    /// header was, or goes into the window's headroom.
    private mutating func pass(
        _ piece: MessagePiece, in window: inout MutableSpan<UInt8>, _ memory: InboundMemory
    ) throws(ProtocolViolation) {
        memory.isPassing = !piece.ends
        let prefix = self.encoding.partPrefixCount(piece)
        let destination = self.run.isEmpty ? piece.offset : self.run.end + prefix
        try memory.reader.transfer(piece, in: &window, to: destination)
        self.encoding.writePartPrefix(piece, into: &window, at: destination - prefix)
        if self.run.isEmpty { self.run = OutputRun(at: destination - prefix) }
        self.run.extend(to: destination + piece.count, payloadCount: piece.count, messages: piece.ends ? 1 : 0)
    }

    /// Adds a part to its message; a step once the message is complete.
    private func collect(
        _ piece: MessagePiece, of window: borrowing MutableSpan<UInt8>, _ memory: InboundMemory, _ pool: BlockPool
    ) throws(ProtocolViolation) -> Step? {
        if piece.begins { memory.collecting = MessageAssembly(piece, pool: pool) }
        guard let message = memory.collecting, try message.add(piece, from: window, reader: &memory.reader) else {
            throw .outOfBuffers
        }
        guard piece.ends else { return nil }
        memory.collecting = nil
        return .collected(message, payloadCount: try message.encode(self.encoding))
    }
}
