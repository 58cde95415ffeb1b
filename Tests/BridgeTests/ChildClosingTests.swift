@testable import Bridge
import SimulatedIO
import StdioFraming
import SystemCalls
import Telemetry
import Testing

@Suite struct ChildClosingTests {
    private static let second = SessionOptions.second

    struct Row: Sendable, CustomTestStringConvertible {
        let last: SimulatedProgram.Step
        let base: UInt16?
        let close: String
        let exit: String

        init(_ last: SimulatedProgram.Step, base: UInt16? = nil, _ close: String, _ exit: String) {
            self.last = last
            self.base = base
            self.close = close
            self.exit = exit
        }

        var testDescription: String { "\(self.last) closes with \(self.close)" }
    }

    @Test(arguments: [
        Row(.exit(0), "1000", "exit status 0"),
        Row(.exit(3), "1011 exit status 3", "exit status 3"),
        Row(.exit(3), base: 4000, "4003 exit status 3", "exit status 3"),
        Row(.exit(0), base: 4000, "1000", "exit status 0"),
        Row(.die(.kill), "1011 killed by SIGKILL", "killed by SIGKILL"),
        Row(.die(.terminate), base: 4000, "1011 killed by SIGTERM", "killed by SIGTERM"),
    ], Seed.some(10))
    func theEndOfAChildEndsTheSession(_ row: Row, _ seed: Seed) {
        var command = CommandOptions()
        command.closeCodeBase = row.base
        let program = SimulatedProgram([
            .write(Array("one\ntwo".utf8)), .writeErrors(Array("what\nwent wrong".utf8)), row.last,
        ])
        let harness = ChildHarness(program, seed, faults: .rough, command: command)
        harness.loop.settle()
        #expect(harness.client.messages == [.text("one"), .text("two")])
        #expect(harness.client.close == row.close && harness.client.transport.hasSeenEnd)
        harness.leave()
        #expect(harness.log.closing("exit") == .string(row.exit))
        #expect(harness.log.errorLines == ["what", "went wrong"])
        #expect(harness.remains == [])
    }

    /// A lot is on its way when the child is gone already.
    @Test(arguments: Seed.some(20)) func aSlowClientGetsAllThatAChildWrote(_ seed: Seed) {
        var session = SessionOptions()
        session.backpressureMax = 4096
        let lines = (0..<2000).map { "line \($0)" }
        let program = SimulatedProgram([.write(Array(lines.map { $0 + "\n" }.joined().utf8)), .exit(0)])
        let harness = ChildHarness(program, seed, faults: .rough, session: session)
        harness.client.transport.readBytesMax = 200
        harness.loop.settle()
        #expect(harness.client.messages == lines.map { .text($0) })
        #expect(harness.client.close == "1000")
        harness.leave()
        #expect(harness.remains == [])
    }

    @Test func aChildThatIgnoresEverythingIsKilledInTime() {
        var program = SimulatedProgram([.hang])
        program.ignoresTerminate = true
        let harness = ChildHarness(program)
        harness.client.sendClose()
        harness.loop.settle()
        let start = harness.loop.now
        harness.client.transport.close()
        harness.loop.advance(by: 10 * Self.second)
        #expect(harness.child.signals.map(\.signal) == [.terminate, .kill])
        let times = harness.child.signals.map { Double($0.at - start) / 1e9 }
        #expect(zip(times, [1.0, 3.0]).allSatisfy { abs($0 - $1) < 0.05 }, "\(times)")
        #expect(harness.log.closing("close") == .integer(1000))
        #expect(harness.log.closing("exit") == .string("killed by SIGKILL"))
        #expect(harness.remains == [])
    }

    @Test func aChildThatEndsAtTheEndOfItsInputIsNotSignalled() {
        let harness = ChildHarness(SimulatedProgram([.drain, .wait(900_000_000), .exit(0)]))
        harness.client.sendClose()
        harness.loop.settle()
        harness.client.transport.close()
        harness.loop.advance(by: 10 * Self.second)
        #expect(harness.child.signals.isEmpty)
        #expect(harness.remains == [])
    }

    /// The client's last words are read slowly: that is no reason for a signal.
    @Test func aChildThatStillReadsIsNotSignalled() {
        var program = SimulatedProgram([.drain, .exit(0)])
        program.readBytesMax = 1000
        let harness = ChildHarness(program, capacity: 4096)
        harness.loop.turnNanoseconds = Self.second / 10
        let line = WireFrame.text(String(repeating: "x", count: 999))
        for _ in 0..<60 { harness.client.send(line) }
        harness.client.sendClose()
        harness.loop.advance(by: 30 * Self.second)
        #expect(harness.child.bytesRead.count == 60_000 && harness.child.signals.isEmpty)
        harness.leave()
        #expect(harness.remains == [])
    }

    @Test func aChildThatClosesItsOutputHasNothingMoreToSay() {
        let harness = ChildHarness(SimulatedProgram([.write(Array("bye\n".utf8)), .closeOutput, .hang]))
        harness.loop.advance(by: 5 * Self.second)
        #expect(harness.client.messages == [.text("bye")])
        #expect(harness.client.close == "1000")
        #expect(harness.child.signals.map(\.signal) == [.terminate])
        harness.leave()
        #expect(harness.remains == [])
    }

    @Test func aChildThatClosesItsInputGoesOnTalking() {
        let program = SimulatedProgram([
            .closeInput, .write(Array("one\n".utf8)), .wait(2 * Self.second), .write(Array("two\n".utf8)), .exit(0),
        ])
        let harness = ChildHarness(program)
        for _ in 0..<100 { harness.client.send(.text(String(repeating: "x", count: 5000))) }
        harness.loop.advance(by: 3 * Self.second)
        #expect(harness.client.messages == [.text("one"), .text("two")])
        #expect(harness.client.close == "1000" && harness.client.transport.unsentCount == 0)
        harness.leave()
        #expect(harness.remains == [])
    }

    /// A daemon of the child's holds its stdout: the session lasts, and ends with its client.
    @Test func aDaemonThatHoldsStdoutKeepsNothingOfAClientThatLeft() {
        var program = SimulatedProgram([.write(Array("started\n".utf8)), .exit(0)])
        program.leavesDaemon = true
        let harness = ChildHarness(program)
        harness.loop.advance(by: Self.second)
        #expect(harness.client.closes.isEmpty)
        harness.client.sendClose()
        harness.loop.settle()
        #expect(harness.client.close == "1000")
        harness.leave()
        #expect(harness.remains == [])
    }

    @Test func aDrainEndsTheChildToo() {
        let harness = ChildHarness(.cat)
        harness.client.send(.text("one"))
        harness.loop.settle()
        harness.session?.drain()
        harness.loop.settle()
        #expect(harness.client.messages == [.text("one")] && harness.client.closeCode == 1001)
        harness.leave()
        #expect(harness.log.closing("exit") == .string("exit status 0"))
        #expect(harness.remains == [])
    }

    @Test(arguments: [CommandSettings.ErrorPolicy.log, .client, .discard])
    func standardErrorGoesWhereTheRouteWantsIt(_ policy: CommandSettings.ErrorPolicy) {
        var command = CommandOptions()
        command.errorPolicy = policy
        let long = String(repeating: "e", count: 5000)
        let program = SimulatedProgram([.writeErrors(Array("first\n\(long)\nrest".utf8)), .drain, .exit(0)])
        let harness = ChildHarness(program, command: command)
        harness.loop.settle()
        harness.client.sendClose()
        harness.loop.settle()
        harness.leave()
        let lines = ["first", String(repeating: "e", count: 4096), String(repeating: "e", count: 904)]
        // The unfinished line comes when the stream ends, which is after the client's goodbye.
        #expect(harness.log.errorLines == (policy == .log ? lines + ["rest"] : []))
        #expect(harness.client.messages == (policy == .client ? lines.map { .text($0) } : []))
        #expect(harness.remains == [])
    }
}
