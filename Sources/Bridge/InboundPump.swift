internal import Buffers
internal import WebSocket

/// Makes of a client's bytes what the peer reads, in place, as far as it can without anybody else.
///
/// It is a value that the session lends itself for a while: what has to be performed comes back as a step, in order.
struct InboundPump {
    enum Step {
        /// Messages for the peer that lie next to each other in the window.
        case output(OutputRun)
        /// A message that was collected: `takeCollected` has it.
        case collected(payloadCount: Int)
        /// A Ping, Pong or Close and its payload.
        case control(Opcode, payload: Range<Int>)
    }

    private let encoding: MessageEncoding
    /// Whether messages of one read may leave as one run; else each is collected, to be looked at by itself.
    private let joinsMessages: Bool
    private var reader = FrameReader()
    private var collecting: MessageAssembly?
    /// True exactly while a large message passes part by part.
    private var isPassing = false
    private var collected: MessageAssembly?
    private var run = OutputRun(at: 0)
    /// What came right behind the run and waits for its turn.
    private var waiting: Step?

    init(_ encoding: MessageEncoding, joinsMessages: Bool) {
        self.encoding = encoding
        self.joinsMessages = joinsMessages
    }

    /// Starts on a window; gives the offset to go on from.
    mutating func begin(_ window: inout MutableSpan<UInt8>, at start: Int) -> Int {
        self.reader.begin(&window, at: start)
    }

    /// Works until there is something to perform, or nothing left. After a violation `takeRun` has what was before it.
    mutating func next(
        _ window: inout MutableSpan<UInt8>, at offset: inout Int, limits: MessageLimits, pool: BlockPool
    ) throws(ProtocolViolation) -> Step? {
        if let step = self.waiting.take() { return step }
        while true {
            if self.joinsMessages, let frame = self.reader.wholeFrame(window, at: offset, limits: limits) {
                guard let full = try self.append(frame, in: &window, at: &offset) else { continue }
                return .output(full)
            }
            guard offset < window.count,
                let step = try self.nextUnusual(&window, at: &offset, limits: limits, pool: pool)
            else {
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

    mutating func takeCollected() -> MessageAssembly? { self.collected.take() }

    /// Nothing more is wanted: what was half collected is given back.
    mutating func drop() {
        self.collecting = nil
        self.collected = nil
    }
}

// MARK: - Frames

extension InboundPump {
    /// Moves a whole message behind those that are ready. Gives the run back when this one does not fit behind it; the
    /// message is then the first of the next run.
    @inline(__always)
    private mutating func append(
        _ frame: WholeFrame, in window: inout MutableSpan<UInt8>, at offset: inout Int
    ) throws(ProtocolViolation) -> OutputRun? {
        let prefix = self.encoding.prefixCount(frame.type, payloadCount: frame.count)
        let suffix = self.encoding.suffix
        let last = suffix == nil ? frame.offset : frame.offset &- 1
        var destination = self.run.end &+ prefix
        if self.run.isEmpty {
            destination = last
            self.run = OutputRun(at: last &- prefix)
        } else if destination > last {
            return self.takeRun()
        }
        try FrameReader.transfer(frame, in: &window, to: destination)
        let count = try self.encoding.prepare(frame.type, &window, destination..<destination &+ frame.count)
        self.encoding.writePrefix(frame.type, payloadCount: count, into: &window, at: destination &- prefix)
        if let suffix { window[destination &+ count] = suffix }
        self.run.extend(to: destination &+ count &+ (suffix == nil ? 0 : 1), payloadCount: count)
        offset = frame.offset &+ frame.count
        return nil
    }

    /// Parts of messages and control frames.
    private mutating func nextUnusual(
        _ window: inout MutableSpan<UInt8>, at offset: inout Int, limits: MessageLimits, pool: BlockPool
    ) throws(ProtocolViolation) -> Step? {
        while let step = try self.reader.next(&window, at: &offset, limits: limits) {
            switch step {
            case .control(let opcode, let payload):
                return .control(opcode, payload: payload)
            case .piece(let piece):
                offset = piece.offset + piece.count
                if self.isPassing || (piece.begins && self.mayPass(piece)) {
                    return .output(try self.pass(piece, in: &window))
                }
                if let count = try self.collect(piece, of: window, pool: pool) { return .collected(payloadCount: count) }
                // A whole frame may follow the end of this one.
                if piece.frameRest == 0 { continue }
            }
        }
        return nil
    }

    /// From this size on a frame goes on as it comes where the other side takes parts: nothing is kept of it, and the
    /// bytes are still in the cache when they leave. Smaller ones are worth waiting for, so that they stay whole.
    private static let passedBytesMin = 64 << 10

    private func mayPass(_ piece: MessagePiece) -> Bool {
        self.encoding.takesParts && piece.count + piece.frameRest >= Self.passedBytesMin
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

    /// Adds a part to its message; gives the payload's length once the message is complete.
    private mutating func collect(
        _ piece: MessagePiece, of window: borrowing MutableSpan<UInt8>, pool: BlockPool
    ) throws(ProtocolViolation) -> Int? {
        if piece.begins { self.collecting = MessageAssembly(piece, pool: pool) }
        guard let message = self.collecting, try message.add(piece, from: window, reader: &self.reader) else {
            throw .outOfBuffers
        }
        guard piece.ends else { return nil }
        self.collecting = nil
        self.collected = message
        return try message.encode(self.encoding)
    }
}

/// Bytes of the window that are ready for the peer, and the messages they are.
struct OutputRun {
    let start: Int
    private(set) var end: Int
    private(set) var messages = 0
    private(set) var payloadCount = 0

    @inline(__always)
    init(at offset: Int) {
        self.start = offset
        self.end = offset
    }

    /// An empty message without prefix and suffix counts too.
    @inline(__always)
    var isEmpty: Bool { self.messages == 0 && self.start == self.end }

    @inline(__always)
    mutating func extend(to end: Int, payloadCount: Int, messages: Int = 1) {
        self.end = end
        self.messages &+= messages
        self.payloadCount &+= payloadCount
    }
}
