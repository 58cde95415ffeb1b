import Testing
import WebSocket

/// Bytes of a client, what the reader tells of them, and the rule they break.
struct FrameRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let wire: [UInt8]
    let events: [FrameTrace.Event]
    let violation: ProtocolViolation?
    /// How many bytes must have come for the violation to show.
    let violationByte: Int?
    var limits = MessageLimits(frameBytesMax: 1 << 20, messageBytesMax: 1 << 20)

    init(_ name: String, _ frames: [ClientFrame], _ events: [FrameTrace.Event]) {
        self.testDescription = name
        self.wire = frames.flatMap(\.encoded)
        self.events = events
        self.violation = nil
        self.violationByte = nil
    }

    init(
        _ name: String, _ frames: [ClientFrame], before events: [FrameTrace.Event] = [],
        _ violation: ProtocolViolation, at byte: Int
    ) {
        self.testDescription = name
        self.wire = frames.flatMap(\.encoded)
        self.events = events
        self.violation = violation
        self.violationByte = byte
    }

    func limited(frame: Int = 1 << 20, message: Int = 1 << 20, fragments: Int = 65_536) -> FrameRow {
        var row = self
        row.limits = MessageLimits(frameBytesMax: frame, messageBytesMax: message, fragmentsMax: fragments)
        return row
    }

    func trace(_ inputs: [[UInt8]], _ placement: FrameTrace.Placement) -> FrameTrace {
        FrameTrace(inputs, placement: placement, limits: self.limits)
    }

    /// Where to cut: everywhere, but in a long row only near the headers and the end.
    var cuts: [Int] {
        let count = self.wire.count
        guard count > 700 else { return Array(0...count) }
        return Array(0...16) + [count / 2] + Array(count - 8...count)
    }
}

/// What every row must satisfy, whatever the network does to the bytes and wherever the payload goes.
func expectConsistent(_ row: FrameRow) {
    for placement in FrameTrace.Placement.allCases {
        let whole = row.trace([row.wire], placement)
        #expect(whole.events == row.events, "\(placement)")
        #expect(whole.violation == row.violation, "\(placement)")
        for cut in row.cuts {
            let pieces = row.trace([Array(row.wire[..<cut]), Array(row.wire[cut...])], placement)
            #expect(pieces == whole, "cut at \(cut), \(placement)")
            let early = row.trace([Array(row.wire[..<cut])], placement)
            #expect(Array(row.events.prefix(early.events.count)) == early.events, "up to \(cut)")
            #expect(early.violation == nil || early.violation == row.violation, "up to \(cut)")
        }
        let bytes = row.trace(row.wire.map { [$0] }, placement)
        #expect(bytes == whole, "byte by byte, \(placement)")
        if let byte = row.violationByte { #expect(bytes.inputsUsed == byte, "the earliest byte") }
    }
}
