@testable import Bridge
import SimulatedIO
import StdioFraming
import SystemCalls
import Testing

@Suite struct TerminalTests {
    private static let resizes: [(String, TerminalSize?)] = [
        ("\u{1B}[8;50;132t", TerminalSize(columns: 132, rows: 50)),
        ("\u{1B}[8;1;65535t", TerminalSize(columns: 65_535, rows: 1)),
        ("\u{1B}[8;01;002t", TerminalSize(columns: 2, rows: 1)),
        ("", nil), ("\u{1B}", nil), ("\u{1B}[8;", nil), ("\u{1B}[8;50;132", nil), ("\u{1B}[8;50;132t ", nil),
        (" \u{1B}[8;50;132t", nil), ("\u{1B}[8;0;132t", nil), ("\u{1B}[8;50;0t", nil), ("\u{1B}[8;50;65536t", nil),
        ("\u{1B}[8;50t", nil), ("\u{1B}[8;;t", nil), ("\u{1B}[8;-5;10t", nil), ("\u{1B}[4;50;132t", nil),
        ("\u{1B}[8;99999999999999999999999999;1t", nil),
    ]

    @Test(arguments: resizes) func aSizeIsReadFromItsSequenceAlone(_ text: String, _ size: TerminalSize?) {
        let bytes = Array(text.utf8)
        let parsed = TerminalResize.parse(bytes.span)
        #expect(parsed == size)
    }

    /// Typed text and sizes in one read, cut at any byte.
    @Test(arguments: Seed.some(20)) func sizesDoNotReachTheProgram(_ seed: Seed) {
        var command = CommandOptions()
        command.usesTerminal = true
        command.framing = .raw
        let harness = ChildHarness(SimulatedProgram([.drain, .exit(0)]), seed, faults: .rough, command: command)
        harness.client.send(.text("one"))
        harness.client.send(.text("\u{1B}[8;50;132t"))
        harness.client.send(.text("two"))
        harness.client.send(.binary(Array("\u{1B}[8;1;2t".utf8)))
        harness.client.sendClose()
        harness.loop.settle()
        #expect(harness.child.terminalSizes == [TerminalSize(columns: 132, rows: 50)])
        #expect(harness.child.bytesRead == Array("onetwo\u{1B}[8;1;2t".utf8))
        harness.leave()
        #expect(harness.remains == [])
    }
}
