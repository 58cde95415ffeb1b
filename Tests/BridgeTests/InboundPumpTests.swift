@testable import Bridge
import Buffers
import IOCore
import SimulatedIO
import StdioFraming
import Testing
import WebSocket

/// What one read brought leaves with as few writes as its order allows.
@Suite struct InboundPumpTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var frames: [WireFrame]
        /// Steps of the window, as `Outcome.shape` writes them.
        var shape: String

        var testDescription: String { self.name }
    }

    private static func large(_ byte: UInt8, opcode: UInt8 = 2, isFinal: Bool = true) -> WireFrame {
        WireFrame(opcode: opcode, isFinal: isFinal, payload: [UInt8](repeating: byte, count: 64 << 10))
    }

    static let rows: [Row] = [
        Row(name: "large ones", frames: [large(1), large(2), large(3)], shape: "output 3"),
        Row(name: "fragments", frames: [large(1, isFinal: false), large(2, opcode: 0), large(3)], shape: "output 2"),
        Row(
            name: "small fragments of a large message",
            frames: [large(1, isFinal: false), WireFrame(opcode: 0, isFinal: false, payload: [9]), large(2, opcode: 0)],
            shape: "output 1"),
        Row(
            name: "small ones behind", frames: [large(1), .text("a small one"), .text("x")],
            shape: "output 1, output 2"),
        Row(
            name: "a ping between", frames: [large(1), .ping("now"), large(2)],
            shape: "output 1, control, output 1"),
        Row(
            name: "a ping within", frames: [large(1, isFinal: false), .ping("now"), large(2, opcode: 0)],
            shape: "output 0, control, output 1"),
    ]

    /// Keeps what is written.
    private final class Sink: ByteStream {
        var delegate: (any ByteStreamDelegate)?
        var bytes: [UInt8] = []
        let unsentCount = 0
        let undeliveredCount = 0

        func write(_ bytes: Span<UInt8>) {
            for index in bytes.indices { self.bytes.append(bytes[index]) }
        }

        func write(_ buffer: consuming PooledBuffer) { self.write(buffer.readable) }
        func pauseReading() {}
        func resumeReading() {}
        func finishWriting() {}
        func close() {}
    }

    /// What a pump made of a wire, and how.
    private struct Outcome {
        var shape: [String] = []
        var output: [UInt8] = []
        var memory: InboundMemory?

        mutating func read(
            _ wire: ArraySlice<UInt8>, _ encoding: MessageEncoding, _ settings: SessionSettings
        ) throws(ProtocolViolation) {
            var memory = [UInt8](repeating: 0, count: ReceiveWindow.headroom) + wire
            var window = memory.mutableSpan
            var pump = InboundPump(
                encoding, joinsMessages: true, resuming: self.memory, &window, at: ReceiveWindow.headroom)
            while let step = try pump.next(&window, settings) {
                switch step {
                case .output(let run):
                    self.shape.append("output \(run.messages)")
                    for index in run.start..<run.end { self.output.append(window[index]) }
                case .collected(let message, _):
                    self.shape.append("collected")
                    let sink = Sink()
                    message.write(to: sink, pool: settings.loop.pool)
                    self.output += sink.bytes
                case .control: self.shape.append("control")
                }
            }
            self.memory = pump.finish()
        }
    }

    private static func settings() -> SessionSettings {
        SessionOptions().settings(RecordingLog(), SimulatedLoop(Seed(0)))
    }

    @Test(arguments: rows) func largeMessagesLeaveTogether(_ row: Row) throws {
        var outcome = Outcome()
        let encoding = MessageEncoding.records(RecordEncoding(framing: .raw, innerNewline: .refuse))
        try outcome.read(row.frames.flatMap { $0.masked() }[...], encoding, Self.settings())
        #expect(outcome.shape.joined(separator: ", ") == row.shape)
        #expect(outcome.output == row.frames.filter { $0.opcode < 8 }.flatMap(\.payload))
    }

    @Test(arguments: rows) func framesGoBackWhole(_ row: Row) throws {
        var outcome = Outcome()
        try outcome.read(row.frames.flatMap { $0.masked() }[...], .frames(FrameEncoding()), Self.settings())
        #expect(outcome.shape.joined(separator: ", ") == row.shape)
        var offset = 0
        var back: [WireFrame] = []
        while let frame = WireFrame.parse(outcome.output, at: &offset) { back.append(frame) }
        #expect(back == row.frames.filter { $0.opcode < 8 })
        #expect(offset == outcome.output.count)
    }

    @Test(arguments: Seed.some(40)) func cutsChangeNothing(_ seed: Seed) throws {
        var generator = seed.generator
        let settings = Self.settings()
        let encoding = MessageEncoding.records(RecordEncoding(framing: .raw, innerNewline: .refuse))
        var pings: [WireFrame] = []
        var wire: [UInt8] = []
        var expected: [UInt8] = []
        for _ in 0..<12 {
            let message = generator.chance(60) ? Self.large(generator.bytes(1)[0]) : generator.message()
            expected += message.payload
            wire += generator.wire(of: message, pings: &pings)
        }
        var outcome = Outcome()
        var rest = wire[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 256 << 10), using: &generator)
            try outcome.read(rest.prefix(count), encoding, settings)
            rest = rest.dropFirst(count)
        }
        #expect(outcome.output == expected)
        #expect(outcome.shape.filter { $0 == "control" }.count == pings.count)
    }
}
