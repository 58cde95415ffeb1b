@testable import Bridge
import Buffers
import SimulatedIO
import SystemCalls
import Telemetry
import Testing

@Suite struct ChildPressureTests {
    private static let second = SessionOptions.second

    @Test func aChildThatNeverReadsStopsItsClient() {
        var program = SimulatedProgram([.hang])
        program.ignoresTerminate = true
        // Nobody hears that a client left that is not read, but for the ping.
        var session = SessionOptions()
        session.pingInterval = 10 * Self.second
        let harness = ChildHarness(program, session: session)
        let message = WireFrame.text(String(repeating: "x", count: 10_000))
        for _ in 0..<200 { harness.client.send(message) }
        harness.loop.settle()
        #expect(harness.client.transport.bytesTaken <= 4 * (64 << 10))
        #expect(harness.loop.pool.bytesLent <= 512 << 10)
        harness.client.transport.close()
        harness.loop.advance(by: 30 * Self.second)
        #expect(harness.remains == [])
    }

    /// Its pong waits behind what nobody reads: that does not make the client dead.
    @Test func aClientThatIsNotReadIsNotTakenForDead() {
        var session = SessionOptions()
        session.pingInterval = 30 * Self.second
        let harness = ChildHarness(SimulatedProgram([.hang]), session: session)
        let message = WireFrame.text(String(repeating: "x", count: 10_000))
        for _ in 0..<200 { harness.client.send(message) }
        harness.loop.advance(by: 300 * Self.second)
        #expect(harness.client.transport.stream.isOpen && harness.client.closes.isEmpty)
        harness.client.transport.unplug()
        harness.loop.advance(by: 90 * Self.second)
        #expect(harness.remains == [])
    }

    @Test func aChildThatFloodsWaitsForItsClient() {
        let harness = ChildHarness(SimulatedProgram([.flood(Array("a line of the flood\n".utf8))]))
        harness.client.transport.readBytesMax = 0
        harness.loop.settle()
        #expect(harness.child.bytesWritten <= 5 * (64 << 10))
        #expect(harness.client.transport.stream.unsentCount <= 3 * (64 << 10))
        let before = harness.child.bytesWritten
        harness.client.transport.readBytesMax = nil
        harness.loop.run(for: Self.second) { harness.child.bytesWritten > before + 1_000_000 }
        #expect(harness.child.bytesWritten > before + 1_000_000)
        harness.client.transport.close()
        harness.loop.turnNanoseconds = Self.second / 1000
        harness.loop.run(for: 10 * Self.second) { harness.child.isReported }
        harness.loop.settle()
        #expect(harness.child.signals.map(\.signal) == [.terminate])
        #expect(harness.remains == [])
    }

    /// It is stuck in a write: somebody has to take the rest, or it would be killed for it.
    @Test func aChildThatWritesWhileItsClientLeavesEndsByItself() {
        let harness = ChildHarness(
            SimulatedProgram([.write([UInt8](repeating: 10, count: 500_000)), .drain, .exit(0)]))
        harness.client.transport.readBytesMax = 0
        harness.loop.settle()
        #expect(harness.child.bytesWritten < 500_000)
        harness.client.transport.reset()
        harness.loop.advance(by: 10 * Self.second)
        #expect(harness.child.signals.isEmpty)
        #expect(harness.log.closing("exit") == .string("exit status 0"))
        #expect(harness.remains == [])
    }

    /// Both directions full at once: each waits for itself, and none for ever.
    @Test(arguments: Seed.some(10)) func fullPipesBothWaysDoNotLock(_ seed: Seed) {
        var session = SessionOptions()
        session.backpressureMax = 2048
        let harness = ChildHarness(.cat, seed, faults: .rough, session: session, capacity: 1024)
        let message = WireFrame.text(String(repeating: "y", count: 3000))
        for _ in 0..<30 { harness.client.send(message) }
        harness.client.transport.readBytesMax = 0
        harness.loop.settle()
        harness.client.transport.readBytesMax = nil
        harness.loop.settle()
        #expect(harness.client.messages == [WireFrame](repeating: message, count: 30))
        harness.client.sendClose()
        harness.loop.settle()
        harness.leave()
        #expect(harness.remains == [])
    }

    /// stderr that goes to the client waits for it, also when it begins while the client is full.
    @Test(arguments: [CommandSettings.ErrorPolicy.client, .log], Seed.some(4))
    func errorsThatBeginWhileTheClientIsFullWaitForIt(_ policy: CommandSettings.ErrorPolicy, _ seed: Seed) {
        var session = SessionOptions()
        session.backpressureMax = 2048
        var command = CommandOptions()
        command.errorPolicy = policy
        let line = [UInt8](repeating: 0x61, count: 999) + [10]
        let program = SimulatedProgram(
            [.write([[UInt8]](repeating: line, count: 16).flatMap { $0 }), .writeErrors(Array("why\n".utf8)), .hang])
        let harness = ChildHarness(program, seed, session: session, command: command, capacity: 8192)
        harness.client.transport.readBytesMax = 0
        harness.loop.settle()
        #expect(harness.child.errorStream?.isReading == (policy == .log))
        harness.client.transport.readBytesMax = nil
        harness.loop.settle()
        #expect(harness.client.messages.contains(.text("why")) == (policy == .client))
        #expect(harness.child.errorStream?.isReading == true)
        harness.client.transport.close()
        harness.loop.advance(by: 10 * Self.second)
        #expect(harness.remains == [])
    }

    static let programs: [SimulatedProgram] = {
        var stubborn = SimulatedProgram([.write(Array("hello\n".utf8)), .hang])
        stubborn.ignoresTerminate = true
        let chatty = [UInt8](repeating: 0x61, count: 30_000) + [10]
        return [
            .cat, stubborn, SimulatedProgram([.flood(chatty)]), SimulatedProgram([.exit(0)]),
            SimulatedProgram([.write(chatty), .writeErrors(chatty), .die(.kill)]),
            SimulatedProgram([.closeInput, .write(chatty), .drain, .exit(2)]),
            SimulatedProgram([.write(chatty), .closeOutput, .drain, .exit(1)]),
            SimulatedProgram([.drain, .write(chatty), .exit(0)]),
        ]
    }()

    @Test(arguments: 0..<ChildPressureTests.programs.count, Seed.some(16))
    func aClientThatVanishesAtAnyMomentLeavesNothing(_ program: Int, _ seed: Seed) {
        var session = SessionOptions()
        session.backpressureMax = 4096
        session.pingInterval = 30 * Self.second
        let harness = ChildHarness(
            Self.programs[program], seed, faults: .rough, session: session, capacity: 10_000)
        harness.client.transport.cuts = .random
        var generator = seed.generator
        var pings: [WireFrame] = []
        for _ in 0..<6 {
            harness.client.transport.send(
                generator.wire(of: generator.message(textOnly: true), pings: &pings))
        }
        if generator.chance(30) { harness.client.sendClose() }
        for _ in 0..<Int.random(in: 0..<150, using: &generator) { harness.loop.turn() }
        switch seed.value % 4 {
        case 0: harness.client.transport.close()
        case 1: harness.client.transport.finish()
        case 2: harness.client.transport.unplug()
        case _: harness.client.transport.reset()
        }
        harness.loop.turnNanoseconds = Self.second / 1000
        harness.loop.run(for: 120 * Self.second) { harness.session == nil && harness.child.isReported }
        // One that only ended its side lives on as long as nobody reads it.
        harness.client.transport.close()
        harness.loop.run(for: 120 * Self.second) { harness.session == nil && harness.child.isReported }
        #expect(harness.remains == [])
    }
}
