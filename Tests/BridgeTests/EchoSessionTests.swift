import Buffers
import SimulatedIO
import Testing

@Suite struct EchoSessionTests {
    @Test(arguments: Seed.some(30)) func everyMessageComesBackWhateverTheCuts(_ seed: Seed) {
        var options = SessionOptions()
        options.backpressureMax = seed.value % 2 == 0 ? 16 << 20 : 4096
        let harness = EchoHarness(seed, faults: .rough, options: options)
        harness.client.transport.cuts = seed.value % 3 == 0 ? .none : .random
        harness.client.transport.readBytesMax = seed.value % 5 == 0 ? 5000 : nil
        var generator = seed.generator
        var pings: [WireFrame] = []
        let messages = (0..<30).map { _ in generator.message() }
        for message in messages { harness.client.transport.send(generator.wire(of: message, pings: &pings)) }
        harness.client.sendClose(4321)
        harness.loop.settle()
        #expect(harness.client.messages == messages)
        let pongs = harness.client.pongs.map(\.payload)
        if options.backpressureMax > 4096 { #expect(pongs == pings.map(\.payload)) }
        #expect(pings.map(\.payload).filter { pongs.contains($0) } == pongs)
        #expect(harness.client.close == "4321")
        #expect(harness.client.transport.hasSeenEnd)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test func framesMayComeByteByByte() {
        let harness = EchoHarness()
        harness.client.transport.cuts = .everyByte
        var generator = Seed(7).generator
        var pings: [WireFrame] = []
        let messages = (0..<20).map { _ in generator.message() }.filter { $0.payload.count < 2000 }
        for message in messages { harness.client.transport.send(generator.wire(of: message, pings: &pings)) }
        harness.loop.settle()
        #expect(harness.client.messages == messages)
        #expect(harness.client.pongs.map(\.payload) == pings.map(\.payload))
    }

    @Test(arguments: ViolationRow.all, [SimulatedClient.Cuts.none, .everyByte])
    func aViolationIsAnsweredBehindTheMessagesBeforeIt(_ row: ViolationRow, _ cuts: SimulatedClient.Cuts) {
        var options = SessionOptions()
        options.frameBytesMax = 1000
        options.messageBytesMax = 2000
        let harness = EchoHarness(options: options)
        harness.client.transport.cuts = cuts
        harness.client.send(.text("one"))
        harness.client.send(.binary([1, 2, 3]))
        harness.client.transport.send(row.wire + WireFrame.text("never").masked())
        harness.loop.settle()
        #expect(harness.client.messages == [.text("one"), .binary([1, 2, 3])])
        #expect(harness.client.closeCode == row.code)
        #expect(harness.client.transport.hasSeenEnd)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test func aClientThatDoesNotReadIsNotRead() {
        let harness = EchoHarness()
        harness.client.transport.readBytesMax = 0
        let message = WireFrame.binary([UInt8](repeating: 7, count: 10_000))
        for _ in 0..<200 { harness.client.send(message) }
        harness.loop.settle()
        // The connection holds 64 KiB, the session its mark and one read beyond it.
        #expect(harness.client.transport.bytesTaken <= 3 * (64 << 10))
        #expect(harness.client.transport.stream.unsentCount <= 2 * (64 << 10))
        harness.client.transport.readBytesMax = nil
        harness.loop.settle()
        #expect(harness.client.messages == [WireFrame](repeating: message, count: 200))
        #expect(harness.loop.pool.bytesLent == 0)
    }

    @Test func pingsOfAClientThatDoesNotReadCostNoMemory() {
        let harness = EchoHarness(capacity: 1000)
        harness.client.transport.readBytesMax = 0
        for _ in 0..<20_000 { harness.client.send(.ping(String(repeating: "p", count: 100))) }
        harness.loop.settle()
        #expect(harness.client.transport.stream.unsentCount <= (64 << 10) + 200)
    }

    @Test func messagesOverTheRateAreRefused() {
        var options = SessionOptions()
        options.messagesPerSecondMax = 5
        let harness = EchoHarness(options: options)
        for _ in 0..<3 {
            for _ in 0..<5 { harness.client.send(.text("x")) }
            harness.loop.advance(by: SessionOptions.second + SessionOptions.second / 100)
        }
        #expect(harness.client.messages.count == 15 && harness.client.closes.isEmpty)
        for _ in 0..<7 { harness.client.send(.text("x")) }
        harness.loop.settle()
        #expect(harness.client.closeCode == 1008)
    }

    /// A large frame goes back part by part: it needs no buffer of its size.
    @Test(arguments: Seed.some(10)) func aLargeFrameNeedsNoBuffer(_ seed: Seed) {
        let harness = EchoHarness(seed, poolBytesMax: 1200 << 10)
        harness.client.transport.cuts = .random
        let large = WireFrame.binary([UInt8](repeating: 7, count: 1 << 20))
        for _ in 0..<3 { harness.client.send(large) }
        harness.client.send(.text("behind"))
        harness.loop.settle()
        #expect(harness.client.messages == [large, large, large, .text("behind")])
        #expect(harness.client.fragments > 0)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test func aMessageThatNoBufferIsLeftForIsAnsweredWith1013() {
        let harness = EchoHarness(poolBytesMax: 200 << 10)
        harness.client.send(.text("before"))
        for index in 0..<60 {
            let bytes = [UInt8](repeating: 1, count: 15_000)
            let part = WireFrame(opcode: index == 0 ? 2 : 0, isFinal: false, payload: bytes)
            harness.client.send(part)
        }
        harness.loop.settle()
        #expect(harness.client.messages == [.text("before")] && harness.client.closeCode == 1013)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    /// The worker's memory is with others: a session waits for room, and in the end makes room itself.
    @Test(arguments: [true, false]) func aSessionIsNotReadWhileTheBuffersAreTaken(_ comesBack: Bool) {
        let harness = EchoHarness(poolBytesMax: 1200 << 10)
        var taken = harness.loop.pool.take(1000 << 10)
        harness.client.send(.text("waits"))
        harness.loop.advance(by: 9 * SessionOptions.second)
        #expect(harness.client.messages.isEmpty && harness.client.transport.stream.isOpen)
        if comesBack { taken = nil }
        harness.loop.advance(by: 2 * SessionOptions.second)
        taken = nil
        _ = taken?.count
        #expect(harness.client.messages == (comesBack ? [.text("waits")] : []))
        #expect(
            harness.log.count(of: "session ended: the worker is out of buffers") == (comesBack ? 0 : 1))
        if comesBack { harness.client.transport.close() }
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test(arguments: Seed.some(100)) func aResetAtAnyMomentLeavesNothing(_ seed: Seed) {
        let harness = EchoHarness(seed, faults: .rough)
        harness.client.transport.cuts = .random
        var generator = seed.generator
        var pings: [WireFrame] = []
        for _ in 0..<10 {
            harness.client.transport.send(generator.wire(of: generator.message(), pings: &pings))
        }
        if seed.value % 2 == 0 { harness.client.sendClose() }
        for _ in 0..<Int.random(in: 0..<200, using: &generator) { harness.loop.turn() }
        if generator.chance(50) { harness.client.transport.reset() } else { harness.client.transport.close() }
        harness.loop.settle()
        #expect(harness.remains == [])
    }
}

/// What a client must not send.
struct ViolationRow: Sendable, CustomTestStringConvertible {
    let name: String
    let wire: [UInt8]
    let code: Int

    init(_ name: String, _ code: Int, _ wire: [UInt8]) {
        self.name = name
        self.wire = wire
        self.code = code
    }

    var testDescription: String { self.name }

    private static func fragment(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = false) -> [UInt8] {
        WireFrame(opcode: opcode, isFinal: isFinal, payload: payload).masked()
    }

    static let all: [ViolationRow] = [
        ViolationRow("reserved bit", 1002, [0xC1, 0x80, 0, 0, 0, 0]),
        ViolationRow("unknown opcode", 1002, [0x83, 0x80, 0, 0, 0, 0]),
        ViolationRow("unknown control opcode", 1002, [0x8B, 0x80, 0, 0, 0, 0]),
        ViolationRow("unmasked", 1002, [0x81, 0x01, 0x61]),
        ViolationRow("fragmented ping", 1002, [0x09, 0x80, 0, 0, 0, 0]),
        ViolationRow("long ping", 1002, [0x89, 0xFE, 0x00, 0x7E, 0, 0, 0, 0]),
        ViolationRow("length of 16 bits not minimal", 1002, [0x82, 0xFE, 0x00, 0x7D, 0, 0, 0, 0]),
        ViolationRow(
            "length of 64 bits not minimal", 1002, [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0]),
        ViolationRow("length with its top bit", 1002, [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ViolationRow("continuation of nothing", 1002, fragment(0, [1], isFinal: true)),
        ViolationRow(
            "message within a message", 1002, fragment(1, [0x61]) + fragment(1, [0x62], isFinal: true)),
        ViolationRow("text that is not UTF-8", 1007, fragment(1, [0x61, 0xFF], isFinal: true)),
        ViolationRow("text that ends in a character", 1007, fragment(1, [0x61, 0xE6, 0xB0], isFinal: true)),
        ViolationRow("fragment that is not UTF-8", 1007, fragment(1, [0xE6]) + fragment(0, [0x61])),
        ViolationRow(
            "surrogate in fragments", 1007, fragment(1, [0xED]) + fragment(0, [0xA0, 0x80], isFinal: true)),
        ViolationRow("close payload of one byte", 1002, fragment(8, [3], isFinal: true)),
        ViolationRow("close code 1005", 1002, WireFrame.close(1005).masked()),
        ViolationRow("close code 999", 1002, WireFrame.close(999).masked()),
        ViolationRow("close reason not UTF-8", 1007, fragment(8, [3, 0xE8, 0xFF], isFinal: true)),
        ViolationRow("frame too large", 1009, [0x82, 0xFE, 0x03, 0xE9, 0, 0, 0, 0]),
        ViolationRow(
            "message too large", 1009,
            fragment(2, [UInt8](repeating: 0, count: 1000)) + fragment(0, [UInt8](repeating: 0, count: 1000))
                + fragment(0, [0], isFinal: true)),
    ]
}
