import IOCore
import Reactor
import SystemCalls
import Testing

@Suite struct TerminalStreamTests {
    private let reactor: Reactor
    private let recorder = Recorder()

    init() throws { self.reactor = try Reactor(pool: .forTests()) }

    private func stream(_ ends: Ends, _ kind: StreamKind) throws -> any ByteStream {
        let stream = try self.reactor.makeStream(Descriptor(owning: ends.near), kind: kind)
        stream.delegate = self.recorder
        return stream
    }

    /// The kernel calls it EIO.
    @Test(arguments: [false, true]) func theEndOfItsProgramsIsTheEndOfOutput(_ isPausedBefore: Bool) throws {
        let ends = try Ends.terminal()
        let stream = try self.stream(ends, .terminalInput)
        if isPausedBefore { stream.pauseReading() }
        ends.writeFar([0x68, 0x69])
        ends.closeFar()
        Script.run(
            self.reactor, Pause(ticks: 3).step, Script.once { stream.resumeReading() }, { self.recorder.ends == 1 },
            Pause(ticks: 3).step)
        #expect(self.recorder.bytes == [0x68, 0x69])
        #expect(self.recorder.ends == 1 && self.recorder.failures.isEmpty)
        stream.close()
    }

    /// What the program reads, until the end of the file.
    private static let reads: [(typed: String, reads: [String])] = [
        ("", []), ("a line\n", ["a line\n"]), ("a line\nhalf", ["a line\n", "half"]),
    ]

    @Test(arguments: reads) func endingOurSideIsTheEndOfInput(_ row: (typed: String, reads: [String])) throws {
        let ends = try Ends.terminal()
        // The other half, as a session has it: where the last master is closed the terminal hangs up.
        guard let half = Descriptor(duplicating: ends.near) else { throw Errno.processFilesMax }
        let output = try self.reactor.makeStream(half, kind: .terminalInput)
        let stream = try self.stream(ends, .terminalOutput)
        stream.write(Array(row.typed.utf8).span)
        stream.finishWriting()
        for line in row.reads { #expect(ends.readFar() == Array(line.utf8)) }
        #expect(ends.readFar() == nil)
        output.close()
        ends.closeFar()
    }
}
