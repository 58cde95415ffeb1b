@testable import Bridge
import Buffers
import SimulatedIO
import Testing

@Suite struct UpstreamPressureTests {
    private static let second = SessionOptions.second

    @Test func aServerThatNeverReadsStopsItsClient() {
        var session = SessionOptions()
        session.pingInterval = 10 * Self.second
        let harness = UpstreamHarness(session: session)
        harness.server.readBytesMax = 0
        let message = WireFrame.binary([UInt8](repeating: 1, count: 10_000))
        for _ in 0..<200 { harness.client.send(message) }
        harness.loop.settle()
        #expect(harness.client.transport.bytesTaken <= 4 * (64 << 10))
        #expect(harness.loop.pool.bytesLent <= 512 << 10)
        // The other direction goes on.
        harness.server.send("still there")
        harness.loop.settle()
        #expect(harness.clientBytes == Array("still there".utf8))
        harness.client.transport.close()
        harness.loop.advance(by: 40 * Self.second)
        #expect(harness.remains == [])
    }

    /// The same after the server's end, whether the client was stopped before or not: what is late waits too.
    @Test(arguments: [false, true]) func aServerThatEndedAndNeverReadsStopsItsClient(_ isStoppedBefore: Bool) {
        let harness = UpstreamHarness()
        harness.server.readBytesMax = 0
        harness.client.answersClose = false
        let message = WireFrame.binary([UInt8](repeating: 1, count: 10_000))
        for _ in 0..<200 where isStoppedBefore { harness.client.send(message) }
        harness.loop.settle()
        harness.server.finish()
        for _ in 0..<200 { harness.client.send(message) }
        harness.loop.settle()
        #expect(harness.client.closeCode == 1000)
        #expect(harness.client.transport.bytesTaken <= 4 * (64 << 10))
        harness.loop.advance(by: 12 * Self.second)
        #expect(harness.remains == [])
    }

    @Test func aServerThatFloodsWaitsForItsClient() {
        let harness = UpstreamHarness()
        harness.client.transport.readBytesMax = 0
        harness.server.send([UInt8](repeating: 9, count: 2_000_000))
        harness.loop.settle()
        #expect(harness.server.bytesTaken <= 5 * (64 << 10))
        // The other direction goes on.
        harness.client.send(.binary([1, 2, 3]))
        harness.loop.settle()
        #expect(harness.server.received == [1, 2, 3])
        harness.client.transport.readBytesMax = nil
        harness.loop.settle()
        #expect(harness.clientBytes.count == 2_000_000)
        harness.client.transport.close()
        harness.server.finish()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test(arguments: Seed.some(10)) func fullPipesBothWaysDoNotLock(_ seed: Seed) {
        var session = SessionOptions()
        session.backpressureMax = 2048
        let harness = UpstreamHarness(seed, faults: .rough, session: session, capacity: 1024)
        harness.echo()
        let message = WireFrame.binary([UInt8](repeating: 5, count: 3000))
        for _ in 0..<30 { harness.client.send(message) }
        harness.client.transport.readBytesMax = 0
        harness.loop.settle()
        harness.client.transport.readBytesMax = nil
        harness.loop.settle()
        #expect(harness.clientBytes.count == 90_000)
        harness.client.sendClose()
        harness.server.finish()
        harness.loop.settle()
        harness.client.transport.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    /// Each side ends in one of its ways at a moment of the seed's choice.
    @Test(arguments: 0..<4, Seed.some(40)) func anyEndAtAnyMomentLeavesNothing(_ way: Int, _ seed: Seed) {
        var session = SessionOptions()
        session.backpressureMax = 4096
        session.pingInterval = 30 * Self.second
        let harness = UpstreamHarness(seed, faults: .rough, session: session, capacity: 5000)
        harness.client.transport.cuts = .random
        harness.server.cuts = .random
        if seed.value % 3 != 0 { harness.echo() }
        var generator = seed.generator
        var pings: [WireFrame] = []
        for _ in 0..<6 {
            harness.client.transport.send(generator.wire(of: generator.message(textOnly: false), pings: &pings))
            if generator.chance(50) { harness.server.send(generator.bytes(3000)) }
        }
        if generator.chance(30) { harness.client.sendClose() }
        for _ in 0..<Int.random(in: 0..<150, using: &generator) { harness.loop.turn() }
        let ends = [harness.server, harness.client.transport]
        for end in generator.chance(50) ? ends : ends.reversed() {
            switch (way + (end === harness.server ? 1 : 0)) % 4 {
            case 0: end.close()
            case 1: end.finish()
            case 2: end.unplug()
            case _: end.reset()
            }
            for _ in 0..<Int.random(in: 0..<50, using: &generator) { harness.loop.turn() }
        }
        harness.loop.turnNanoseconds = Self.second / 1000
        harness.loop.run(for: 120 * Self.second) { harness.session == nil }
        // One that only ended its side lives on as long as it is pinged.
        harness.client.transport.close()
        harness.loop.run(for: 120 * Self.second) { harness.session == nil }
        #expect(harness.remains == [])
    }
}
