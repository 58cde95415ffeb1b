@testable import Bridge
import IOCore
import SimulatedIO
import StdioFraming
import Telemetry
import Testing

@Suite struct UpstreamClosingTests {
    private static let second = SessionOptions.second

    @Test(arguments: Seed.some(20)) func bytesGoBothWays(_ seed: Seed) {
        let harness = UpstreamHarness(seed, faults: .rough, capacity: 3000)
        harness.client.transport.cuts = .random
        harness.echo()
        var generator = seed.generator
        var sent: [UInt8] = []
        var pings: [WireFrame] = []
        for _ in 0..<20 {
            let message = generator.message(textOnly: false)
            sent += message.payload
            harness.client.transport.send(generator.wire(of: message, pings: &pings))
        }
        harness.loop.settle()
        // Compared outside: what two long arrays differ in would be computed for minutes.
        let isWhole = harness.server.received == sent && harness.clientBytes == sent
        #expect(isWhole)
        #expect(harness.client.messages.allSatisfy { $0.opcode == 2 })
        harness.client.sendClose(4001)
        harness.loop.settle()
        #expect(harness.client.close == "4001" && harness.server.hasSeenEnd)
        harness.server.finish()
        harness.loop.settle()
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test func aServerThatEndsIsHeardToTheEnd() {
        let harness = UpstreamHarness()
        harness.client.transport.readBytesMax = 1000
        harness.server.send([UInt8](repeating: 7, count: 300_000))
        harness.server.finish()
        harness.loop.settle()
        #expect(harness.clientBytes.count == 300_000)
        #expect(harness.client.closeCode == 1000 && harness.server.hasSeenEnd)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.log.closing("close") == .integer(1000))
        #expect(harness.log.closing("upstream") == .string("server:1"))
        #expect(harness.remains == [])
    }

    /// The server has ended its direction and reads on: what the client was sending is not lost.
    @Test(arguments: Seed.some(20)) func theEndOfTheServerDoesNotCutTheClientOff(_ seed: Seed) {
        let harness = UpstreamHarness(seed, faults: .rough, capacity: 2000)
        harness.client.transport.cuts = .random
        harness.server.readBytesMax = 300
        let message = WireFrame.binary(harness.loop.generator.bytes(100_000))
        harness.server.finish()
        for _ in 0..<3 { harness.client.send(message) }
        harness.loop.settle()
        let isWhole = harness.server.received == message.payload + message.payload + message.payload
        #expect(isWhole)
        #expect(harness.client.closeCode == 1000 && harness.server.hasSeenEnd)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    /// What came before the Close is delivered however slowly, and the end of that direction behind it.
    @Test(arguments: Seed.some(10)) func theEndOfTheClientReachesTheServerBehindItsMessages(_ seed: Seed) {
        let harness = UpstreamHarness(seed, faults: .rough, capacity: 5000)
        harness.loop.turnNanoseconds = Self.second / 10
        harness.server.readBytesMax = 100
        let message = WireFrame.binary(harness.loop.generator.bytes(60_000))
        harness.client.send(message)
        harness.client.sendClose(4000)
        harness.loop.run(for: 600 * Self.second) { harness.server.hasSeenEnd }
        let isWhole = harness.server.received == message.payload
        #expect(isWhole && harness.client.close == "4000")
        #expect(harness.peer?.isOver == false)
        harness.server.send("dropped")
        harness.server.finish()
        harness.client.transport.close()
        harness.loop.advance(by: 10 * Self.second)
        #expect(harness.client.messages.isEmpty)
        #expect(harness.remains == [])
    }

    @Test func aServerThatDoesNotEndIsLeft() {
        let harness = UpstreamHarness()
        harness.client.sendClose()
        harness.loop.advance(by: 4_900_000_000)
        harness.client.transport.close()
        #expect(harness.server.hasSeenEnd && harness.server.stream.isOpen)
        harness.loop.advance(by: 200_000_000)
        #expect(harness.remains == [])
    }

    @Test func aServerThatDoesNotReadIsLeft() {
        let harness = UpstreamHarness(capacity: 1000)
        harness.server.readBytesMax = 0
        harness.client.send(.binary([UInt8](repeating: 1, count: 50_000)))
        harness.client.sendClose()
        harness.loop.advance(by: 6 * Self.second)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.client.close == "1000")
        #expect(harness.remains == [])
    }

    @Test func aServerThatBreaksOffClosesWith1011() {
        let harness = UpstreamHarness()
        harness.server.send("last words")
        harness.loop.settle()
        harness.server.reset()
        harness.loop.settle()
        #expect(harness.client.messages == [.binary(Array("last words".utf8))])
        #expect(harness.client.close == "1011 the upstream's connection broke")
        #expect(harness.log.count(of: "the upstream's connection broke") == 1)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test func aDrainClosesWith1001() {
        let harness = UpstreamHarness()
        harness.echo()
        harness.client.send(.text("before"))
        harness.loop.settle()
        harness.session?.drain()
        harness.loop.settle()
        harness.server.finish()
        harness.loop.advance(by: Self.second / 10)
        #expect(harness.clientBytes == Array("before".utf8))
        #expect(harness.client.closeCode == 1001)
        #expect(harness.remains == [])
    }

    @Test func linesBecomeMessagesAndMessagesLines() {
        var options = CommandOptions()
        options.framing = .lines
        let harness = UpstreamHarness(framing: options)
        harness.client.send(.text("USER a"))
        harness.client.send(.text("QUIT\n"))
        harness.server.send("220 hel")
        harness.loop.settle()
        #expect(harness.client.messages.isEmpty)
        harness.server.send("lo\r\n331 x\r\nbye")
        harness.server.finish()
        harness.loop.settle()
        #expect(harness.server.received == Array("USER a\nQUIT\n".utf8))
        #expect(harness.client.messages == [.text("220 hello"), .text("331 x"), .text("bye")])
        #expect(harness.client.closeCode == 1000)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test func outputThatCannotBeFramedCloses() {
        var options = CommandOptions()
        options.framing = .lines
        options.recordBytesMax = 16
        let harness = UpstreamHarness(framing: options)
        harness.server.send("short\nmuch too long for a record\n")
        harness.loop.settle()
        #expect(harness.client.messages == [.text("short")] && harness.client.closeCode == 1011)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }
}
