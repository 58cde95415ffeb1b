@testable import Bridge
import SimulatedIO
import Telemetry
import Testing

@Suite struct SessionClosingTests {
    private static let second = SessionOptions.second

    @Test(
        arguments: [(nil, "none", 1005), (1000, "1000", 1000), (4001, "4001", 4001)]
            as [(UInt16?, String, Int64)])
    func aCloseIsEchoed(_ row: (code: UInt16?, echo: String, logged: Int64)) {
        let harness = EchoHarness()
        harness.client.send(.text("last"))
        harness.client.sendClose(row.code)
        harness.client.send(.text("too late"))
        harness.loop.settle()
        #expect(harness.client.messages == [.text("last")])
        #expect(harness.client.close == row.echo && harness.client.transport.hasSeenEnd)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.log.closing("close") == .integer(row.logged))
        #expect(harness.remains == [])
    }

    @Test func aDrainClosesWith1001() {
        let harness = EchoHarness()
        harness.client.send(.text("before"))
        harness.loop.settle()
        harness.session?.drain()
        harness.session?.drain()
        harness.loop.settle()
        #expect(harness.client.messages == [.text("before")])
        #expect(harness.client.closeCode == 1001 && harness.client.transport.hasSeenEnd)
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.log.closing("close") == .integer(1001))
        #expect(harness.remains == [])
    }

    /// Both Close frames are through: a client that keeps its side open holds up nobody.
    @Test(arguments: [false, true]) func aDrainEndsTheTransport(_ hasClosedBefore: Bool) {
        let harness = EchoHarness()
        if hasClosedBefore { harness.client.sendClose() }
        harness.loop.advance(by: Self.second / 10)
        #expect(harness.client.transport.stream.isOpen)
        harness.session?.drain()
        harness.loop.advance(by: Self.second / 10)
        #expect(harness.client.closeCode == (hasClosedBefore ? 1000 : 1001))
        #expect(harness.remains == [])
    }

    @Test func aClientThatDoesNotAnswerACloseIsLeft() {
        let harness = EchoHarness()
        harness.client.answersClose = false
        harness.session?.drain()
        harness.client.send(.text("ignored"))
        harness.loop.advance(by: 4_900_000_000)
        #expect(harness.client.transport.stream.isOpen && harness.client.messages.isEmpty)
        harness.loop.advance(by: 200_000_000)
        #expect(harness.remains == [])
    }

    @Test func aClientThatDoesNotEndItsSideIsLeft() {
        let harness = EchoHarness()
        harness.client.sendClose()
        harness.loop.advance(by: 4_900_000_000)
        #expect(harness.client.transport.stream.isOpen && harness.client.transport.hasSeenEnd)
        harness.loop.advance(by: 200_000_000)
        #expect(harness.remains == [])
    }

    /// It said goodbye and reads on: what was sent before comes back, and the Close.
    @Test(arguments: Seed.some(20)) func aClientThatEndsItsSideBehindItsCloseGetsEverything(_ seed: Seed) {
        let harness = EchoHarness(seed, faults: .rough, capacity: 2000)
        harness.client.transport.readBytesMax = 500
        let message = WireFrame.binary(harness.loop.generator.bytes(20_000))
        harness.client.send(message)
        harness.client.sendClose()
        harness.client.transport.finish()
        harness.loop.settle()
        #expect(harness.client.messages == [message] && harness.client.close == "1000")
        #expect(harness.remains == [])
    }

    @Test func aClientThatTakesItsTimeGetsEverything() {
        let harness = EchoHarness(capacity: 2000)
        harness.loop.turnNanoseconds = Self.second / 10
        harness.client.transport.readBytesMax = 100
        let message = WireFrame.binary([UInt8](repeating: 9, count: 20_000))
        harness.client.send(message)
        harness.client.sendClose()
        harness.loop.advance(by: 60 * Self.second)
        #expect(harness.client.messages == [message] && harness.client.close == "1000")
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test func aClientThatVanishedIsFoundByItsPing() {
        var options = SessionOptions()
        options.pingInterval = 30 * Self.second
        let harness = EchoHarness(options: options)
        harness.loop.settle()
        harness.client.transport.unplug()
        harness.loop.advance(by: 39 * Self.second)
        #expect(harness.client.transport.stream.isOpen)
        harness.loop.advance(by: 2 * Self.second)
        #expect(harness.log.closing("close") == .integer(1006))
        #expect(harness.remains == [])
    }

    @Test func aClientThatAnswersPingsStays() {
        var options = SessionOptions()
        options.pingInterval = 30 * Self.second
        let harness = EchoHarness(options: options)
        harness.loop.advance(by: 601 * Self.second)
        #expect(harness.client.pings == 20)
        #expect(harness.client.closes.isEmpty && harness.client.transport.stream.isOpen)
    }

    /// `--ping-interval 1s --ping-timeout 5s`: one a second, and dead within six.
    @Test func pingsDoNotWaitForALongTimeout() {
        var options = SessionOptions()
        options.pingInterval = Self.second
        options.pingTimeout = 5 * Self.second
        let harness = EchoHarness(options: options)
        harness.loop.advance(by: 10 * Self.second + Self.second / 2)
        #expect(harness.client.pings == 10)
        harness.client.transport.unplug()
        harness.loop.advance(by: 5 * Self.second)
        #expect(harness.client.transport.stream.isOpen)
        harness.loop.advance(by: Self.second)
        #expect(harness.log.closing("close") == .integer(1006))
        #expect(harness.remains == [])
    }

    /// Pings behind what it does not read would only make it more.
    @Test func aClientThatReadsNothingGetsNoPingUponPing() {
        var options = SessionOptions()
        options.pingInterval = Self.second
        options.pingTimeout = 50 * Self.second
        options.backpressureMax = 16 << 20
        let harness = EchoHarness(options: options, capacity: 10_000)
        harness.client.transport.readBytesMax = 0
        harness.client.send(.binary([UInt8](repeating: 9, count: 100_000)))
        harness.loop.advance(by: 2 * Self.second)
        let waiting = harness.client.transport.stream.unsentCount
        #expect(waiting > 80_000)
        harness.loop.advance(by: 40 * Self.second)
        #expect(harness.client.transport.stream.unsentCount == waiting)
        harness.loop.advance(by: 10 * Self.second)
        #expect(harness.remains == [])
    }

    @Test func aClientThatTakesBytesIsNotDead() {
        var options = SessionOptions()
        options.pingInterval = 30 * Self.second
        options.backpressureMax = 16 << 20
        let harness = EchoHarness(options: options, capacity: 10_000)
        harness.loop.turnNanoseconds = Self.second / 10
        harness.client.transport.readBytesMax = 100
        harness.client.send(.binary([UInt8](repeating: 9, count: 200_000)))
        harness.loop.advance(by: 150 * Self.second)
        #expect(harness.client.transport.stream.isOpen && harness.client.closes.isEmpty)
        harness.client.transport.readBytesMax = 0
        harness.loop.advance(by: 60 * Self.second)
        #expect(harness.remains == [])
    }

    @Test func anIdleSessionEnds() {
        var options = SessionOptions()
        options.idleTimeout = 60 * Self.second
        options.pingInterval = 30 * Self.second
        let harness = EchoHarness(options: options)
        for _ in 0..<5 {
            harness.loop.advance(by: 50 * Self.second)
            harness.client.send(.text("still here"))
        }
        harness.loop.advance(by: 59 * Self.second)
        #expect(harness.client.messages.count == 5 && harness.client.closes.isEmpty)
        harness.loop.advance(by: 2 * Self.second)
        #expect(harness.client.closeCode == 1001)
    }

    @Test func aSessionLastsAsLongAsItMay() {
        var options = SessionOptions()
        options.lifetimeMax = 90 * Self.second
        let harness = EchoHarness(options: options)
        for _ in 0..<8 {
            harness.loop.advance(by: 11 * Self.second)
            harness.client.send(.text("busy"))
        }
        #expect(harness.client.closes.isEmpty)
        harness.loop.advance(by: 3 * Self.second)
        #expect(harness.client.closeCode == 1001)
    }

    @Test func theLogCountsBothWays() {
        let harness = EchoHarness()
        harness.client.send(.text("12345"))
        harness.client.send(.binary([1, 2]))
        harness.client.sendClose()
        harness.loop.settle()
        harness.client.transport.close()
        harness.loop.settle()
        for key in ["messages_received", "messages_sent"] {
            #expect(harness.log.closing(key) == .integer(2), "\(key)")
        }
        for key in ["bytes_received", "bytes_sent"] {
            #expect(harness.log.closing(key) == .integer(7), "\(key)")
        }
    }
}
