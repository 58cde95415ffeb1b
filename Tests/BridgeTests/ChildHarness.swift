@testable import Bridge
import Buffers
import IOCore
import SimulatedIO
import StdioFraming
import SystemCalls

/// What a command is in a test unless the test says otherwise.
struct CommandOptions {
    static let ladder = [
        TeardownRung(.closeInput, patience: 1_000_000_000),
        TeardownRung(.signalGroup(.terminate), patience: 2_000_000_000),
        TeardownRung(.signalGroup(.kill), patience: 1_000_000_000),
    ]

    var usesTerminal = false
    var framing = Framing.lines
    var innerNewline = InnerNewline.refuse
    var messageKind: MessageKind?
    var recordBytesMax = 1 << 20
    var longRecord = LongRecord.close
    var invalidText = InvalidText.replace
    var errorPolicy = CommandSettings.ErrorPolicy.log
    var closeCodeBase: UInt16?

    func settings(_ launcher: SimulatedLauncher, _ loop: SimulatedLoop) -> CommandSettings {
        CommandSettings(
            words: ["program"], environment: CStringArray(), passesCookies: false, process: ChildSettings(),
            usesTerminal: self.usesTerminal, errorPolicy: self.errorPolicy, records: self.records,
            teardown: Self.ladder, closeCodeBase: self.closeCodeBase, launcher: launcher, loop: loop)
    }

    var records: RecordSettings {
        RecordSettings(
            framing: self.framing, innerNewline: self.innerNewline, messageKind: self.messageKind,
            recordBytesMax: self.recordBytesMax, longRecord: self.longRecord, invalidText: self.invalidText)
    }
}

/// One session with a child behind it, over a simulated connection and simulated pipes.
final class ChildHarness {
    let loop: SimulatedLoop
    let client: WebSocketClient
    let log = RecordingLog()
    let child: SimulatedChild
    weak var session: WebSocketSession?
    weak var peer: ChildPeer?

    init(
        _ program: SimulatedProgram, _ seed: Seed = Seed(0), faults: SimulatedFaults = .none,
        session options: SessionOptions = SessionOptions(), command: CommandOptions = CommandOptions(),
        capacity: Int = SimulatedPipe.capacityStandard
    ) {
        self.loop = SimulatedLoop(seed, faults: faults)
        self.client = WebSocketClient(self.loop, capacity: capacity)
        self.child = SimulatedChild(program, self.loop, capacity: capacity)
        let settings = command.settings(SimulatedLauncher(self.loop, .start(program)), self.loop)
        let peer = ChildPeer(self.child, command: settings)
        let session = self.client.session(with: peer, options.settings(self.log, self.loop))
        peer.start(session)
        session.reportStart()
        self.session = session
        self.peer = peer
    }

    /// Ends the client's side in the way of one that was answered.
    func leave() {
        self.client.transport.close()
        self.loop.settle()
    }

    /// What is left once everything is over: nothing, and one line in the log.
    var remains: [String] {
        var remains = self.loop.remains(self.log)
        if self.session != nil { remains.append("the session") }
        if self.peer != nil { remains.append("the peer") }
        if self.client.transport.stream.isOpen { remains.append("the client's stream") }
        for (name, stream) in [("stdin", self.child.input), ("stdout", self.child.output)] {
            if (stream as? SimulatedStream)?.isOpen == true { remains.append(name) }
        }
        if self.child.errorStream?.isOpen == true || self.child.mayBeginErrors { remains.append("stderr") }
        return remains
    }
}
