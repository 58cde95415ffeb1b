import WebSocket

/// What a reader made of the bytes of a client that came in given inputs.
struct FrameTrace: Equatable {
    enum Event: Equatable, Sendable {
        case message(MessageType, [UInt8])
        case control(Opcode, [UInt8])
    }

    /// Where pieces are put.
    enum Placement: CaseIterable, Sendable {
        /// Where they lie.
        case inPlace
        /// One behind the other from the front of the input on, over headers and control frames.
        case compacted
        /// The same, with whole frames recognized before the reader is asked.
        case recognized
        /// Into memory of somebody else's.
        case elsewhere
    }

    var events: [Event] = []
    var violation: ProtocolViolation?
    /// How many inputs had been handed in when the violation showed.
    var inputsUsed = 0

    private var open: (type: MessageType, payload: [UInt8])?

    /// Hands each input over in a fresh window behind no more headroom than the reader may ask for.
    init(
        _ inputs: [[UInt8]], placement: Placement = .inPlace,
        limits: MessageLimits = MessageLimits(frameBytesMax: 1 << 20, messageBytesMax: 1 << 20)
    ) {
        var reader = FrameReader()
        for input in inputs {
            self.inputsUsed += 1
            do throws(ProtocolViolation) {
                try self.read(input, &reader, placement, limits)
            } catch {
                self.violation = error
                return
            }
        }
    }

    private mutating func read(
        _ input: [UInt8], _ reader: inout FrameReader, _ placement: Placement, _ limits: MessageLimits
    ) throws(ProtocolViolation) {
        var window = [UInt8](repeating: 0xEE, count: FrameReader.heldBytesMax) + input
        var offset = 0
        var compactEnd = 0
        var compacted: [UInt8] = []
        do {
            var span = window.mutableSpan
            offset = reader.begin(&span, at: FrameReader.heldBytesMax)
        }
        let compactStart = offset
        compactEnd = offset
        while true {
            let payload: [UInt8]
            if placement == .recognized,
                let (frame, whole) = try Self.recognize(&reader, &window, offset, limits, compactEnd)
            {
                payload = whole
                offset = frame.offset + frame.count
                self.events.append(.message(frame.type, payload))
            } else if let step = try Self.next(&reader, &window, &offset, limits) {
                guard case .piece(let piece) = step else {
                    if case .control(let opcode, let range) = step {
                        self.events.append(.control(opcode, Array(window[range])))
                    }
                    continue
                }
                payload = try Self.transfer(piece, &reader, &window, placement, compactEnd)
                offset = piece.offset + piece.count
                self.add(piece, payload)
            } else {
                break
            }
            compactEnd += payload.count
            compacted += payload
        }
        let isDone = try Self.next(&reader, &window, &offset, limits) == nil
        precondition(isDone && offset == window.count, "asked again, the reader keeps nothing twice")
        guard placement == .compacted || placement == .recognized else { return }
        precondition(Array(window[compactStart..<compactEnd]) == compacted, "later steps spoilt compacted bytes")
    }

    private static func recognize(
        _ reader: inout FrameReader, _ window: inout [UInt8], _ offset: Int, _ limits: MessageLimits,
        _ destination: Int
    ) throws(ProtocolViolation) -> (WholeFrame, [UInt8])? {
        var span = window.mutableSpan
        guard !reader.isWithinMessage, let frame = FrameReader.wholeFrame(span, at: offset, limits: limits) else {
            return nil
        }
        try FrameReader.transfer(frame, in: &span, to: destination)
        return (frame, Array(window[destination..<destination + frame.count]))
    }

    private static func next(
        _ reader: inout FrameReader, _ window: inout [UInt8], _ offset: inout Int, _ limits: MessageLimits
    ) throws(ProtocolViolation) -> FrameReader.Step? {
        var span = window.mutableSpan
        return try reader.next(&span, at: &offset, limits: limits)
    }

    private static func transfer(
        _ piece: MessagePiece, _ reader: inout FrameReader, _ window: inout [UInt8], _ placement: Placement,
        _ compactEnd: Int
    ) throws(ProtocolViolation) -> [UInt8] {
        var span = window.mutableSpan
        switch placement {
        case .inPlace, .compacted, .recognized:
            let destination = placement == .inPlace ? piece.offset : compactEnd
            try reader.transfer(piece, in: &span, to: destination)
            return Array(window[destination..<destination + piece.count])
        case .elsewhere:
            var output = [UInt8](repeating: 0xDD, count: piece.count + 7)
            var outputSpan = output.mutableSpan
            try reader.transfer(piece, from: span, into: &outputSpan, at: 5)
            precondition(output[..<5].allSatisfy { $0 == 0xDD }, "wrote before its place")
            precondition(output.suffix(2).allSatisfy { $0 == 0xDD }, "wrote behind its place")
            return Array(output[5..<5 + piece.count])
        }
    }

    private mutating func add(_ piece: MessagePiece, _ payload: [UInt8]) {
        precondition(piece.begins == (self.open == nil), "a piece begins exactly where none is open")
        if piece.begins { self.open = (piece.type, []) }
        precondition(self.open?.type == piece.type, "a message keeps its type")
        self.open?.payload += payload
        guard piece.ends, let message = self.open else { return }
        self.open = nil
        self.events.append(.message(message.type, message.payload))
    }

    static func == (left: FrameTrace, right: FrameTrace) -> Bool {
        left.events == right.events && left.violation == right.violation
    }
}
