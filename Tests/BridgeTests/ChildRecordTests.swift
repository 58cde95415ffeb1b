@testable import Bridge
import Buffers
import SimulatedIO
import StdioFraming
import Telemetry
import Testing

@Suite struct ChildRecordTests {
    /// A message as it comes back from cat(1) under a framing.
    private static func echoed(_ message: WireFrame, _ framing: Framing) -> WireFrame {
        switch framing {
        case .lines, .null, .contentLength: WireFrame(opcode: 1, payload: message.payload)
        case .raw, .lengthPrefixed: WireFrame(opcode: 2, payload: message.payload)
        case .typed: message
        }
    }

    @Test(arguments: Framing.allCases, Seed.some(20))
    func everyMessageComesBackFromAChild(_ framing: Framing, _ seed: Seed) {
        var session = SessionOptions()
        session.backpressureMax = seed.value % 2 == 0 ? 1 << 20 : 4096
        var command = CommandOptions()
        command.framing = framing
        var program = SimulatedProgram.cat
        program.readBytesMax = seed.value % 3 == 0 ? 3000 : .max
        let harness = ChildHarness(program, seed, faults: .rough, session: session, command: command)
        harness.client.transport.cuts = seed.value % 4 == 0 ? .none : .random
        harness.client.transport.readBytesMax = seed.value % 5 == 0 ? 5000 : nil
        var generator = seed.generator
        var pings: [WireFrame] = []
        let messages = (0..<20).map { _ in generator.message(textOnly: framing.isText) }
        for message in messages { harness.client.transport.send(generator.wire(of: message, pings: &pings)) }
        let expected = messages.map { Self.echoed($0, framing) }
        harness.loop.settle()
        if framing == .raw {
            #expect(harness.client.messages.flatMap(\.payload) == expected.flatMap(\.payload))
        } else {
            #expect(harness.client.messages == expected)
        }
        harness.client.sendClose()
        harness.loop.settle()
        #expect(harness.client.close == "1000" && harness.client.transport.hasSeenEnd)
        harness.leave()
        #expect(harness.log.closing("exit") == .string("exit status 0"))
        #expect(harness.remains == [])
    }

    @Test(arguments: Framing.allCases, Seed.some(10))
    func pendingMessagesReachTheChildBeforeItsInputEnds(_ framing: Framing, _ seed: Seed) {
        var command = CommandOptions()
        command.framing = framing
        var program = SimulatedProgram([.drain, .exit(0)])
        program.readBytesMax = 700
        let harness = ChildHarness(program, seed, faults: .rough, command: command, capacity: 4096)
        var generator = seed.generator
        var pings: [WireFrame] = []
        let messages = (0..<20).map { _ in generator.message(textOnly: framing.isText) }
        for message in messages { harness.client.transport.send(generator.wire(of: message, pings: &pings)) }
        harness.client.sendClose(1001)
        harness.loop.settle()
        #expect(harness.child.bytesRead == messages.flatMap { framing.record($0) })
        #expect(harness.client.close == "1001")
        harness.leave()
        #expect(harness.remains == [])
    }

    @Test(arguments: Framing.allCases, Seed.some(20))
    func everyRecordOfAChildIsDelivered(_ framing: Framing, _ seed: Seed) {
        var command = CommandOptions()
        command.framing = framing
        var session = SessionOptions()
        session.backpressureMax = seed.value % 2 == 0 ? 1 << 20 : 4096
        var generator = seed.generator
        let messages = (0..<20).map { _ in generator.message(textOnly: framing.isText) }
        var output = messages.flatMap { framing.record($0) }
        // The last record without its end.
        if framing.isDelimited, messages.last?.payload.isEmpty == false { output.removeLast() }
        var steps: [SimulatedProgram.Step] = []
        while !output.isEmpty {
            let count = generator.cut(output.count)
            steps.append(.write(Array(output.prefix(count))))
            output.removeFirst(count)
        }
        let harness = ChildHarness(
            SimulatedProgram(steps + [.exit(0)]), seed, faults: .rough, session: session, command: command)
        harness.client.transport.readBytesMax = seed.value % 3 == 0 ? 4000 : nil
        harness.loop.settle()
        let expected = messages.map { Self.echoed($0, framing) }
        if framing == .raw {
            #expect(harness.client.messages.flatMap(\.payload) == expected.flatMap(\.payload))
        } else {
            #expect(harness.client.messages == expected)
        }
        #expect(harness.client.close == "1000")
        harness.leave()
        #expect(harness.remains == [])
    }

    @Test(arguments: [
        (Framing.lines, WireFrame.text("a\nb"), 1008), (.lines, .text("a\rb"), 1008), (.null, .text("a\u{0}b"), 1008),
        (.contentLength, .binary([1]), 1003),
    ])
    func aMessageThatTheFramingCannotCarryIsRefused(_ row: (framing: Framing, message: WireFrame, code: Int)) {
        var command = CommandOptions()
        command.framing = row.framing
        let harness = ChildHarness(.cat, command: command)
        harness.client.send(.text("before"))
        harness.client.send(row.message)
        harness.client.send(.text("after"))
        harness.loop.settle()
        #expect(harness.client.closeCode == row.code)
        #expect(harness.child.bytesRead == row.framing.record(.text("before")))
        harness.leave()
        #expect(harness.remains == [])
    }

    @Test func textThatIsNotUTF8GoesOutAsTheRouteWantsIt() {
        for (policy, expected, code) in [
            (InvalidText.replace, [WireFrame.text("a\u{FFFD}b"), .text("ok")], 1000),
            (.binary, [.binary([0x61, 0xFF, 0x62]), .text("ok")], 1000),
            (.close, [], 1011),
        ] {
            var command = CommandOptions()
            command.invalidText = policy
            let program = SimulatedProgram([.write(Array("before\n".utf8) + [0x61, 0xFF, 0x62, 10]), .write(Array("ok\n".utf8)), .exit(0)])
            let harness = ChildHarness(program, command: command)
            harness.loop.settle()
            #expect(harness.client.messages == [.text("before")] + expected, "\(policy)")
            #expect(harness.client.closeCode == code)
            harness.leave()
            #expect(harness.remains == [])
        }
    }

    @Test(arguments: [LongRecord.close, .split]) func anEndlessLineCostsNoMemory(_ policy: LongRecord) {
        var command = CommandOptions()
        command.longRecord = policy
        command.recordBytesMax = 10_000
        let program = SimulatedProgram([.write(Array("before\n".utf8)), .flood([UInt8](repeating: 0x61, count: 50_000))])
        let harness = ChildHarness(program, command: command)
        harness.loop.run(for: SessionOptions.second) { harness.child.bytesWritten > 1_000_000 }
        #expect(harness.loop.pool.bytesLent <= 1 << 20)
        #expect(harness.client.messages.first == .text("before"))
        switch policy {
        case .close: #expect(harness.client.close == "1011 record longer than 10000 bytes")
        case .split: #expect(harness.client.messages.dropFirst().allSatisfy { $0.payload.count == 10_000 })
        }
        harness.client.transport.close()
        harness.loop.turnNanoseconds = SessionOptions.second / 1000
        harness.loop.advance(by: 5 * SessionOptions.second)
        #expect(harness.remains == [])
    }
}

extension Framing {
    /// Whether it cannot tell text from binary, so that a test sends text without the bytes it lives on.
    var isText: Bool {
        switch self {
        case .lines, .null, .contentLength: true
        case .raw, .lengthPrefixed, .typed: false
        }
    }

    /// A message as a program reads or writes it, made without the engine under test.
    func record(_ message: WireFrame) -> [UInt8] {
        let count = message.payload.count
        let length = [24, 16, 8, 0].map { UInt8(count >> $0 & 0xFF) }
        switch self {
        case .lines: return message.payload + [10]
        case .null: return message.payload + [0]
        case .raw: return message.payload
        case .lengthPrefixed: return length + message.payload
        case .typed: return [message.opcode] + length + message.payload
        case .contentLength: return Array("Content-Length: \(count)\r\n\r\n".utf8) + message.payload
        }
    }
}
