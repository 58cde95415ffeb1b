internal import SystemCalls

/// Both ends of what connects us to a child, from before it exists until each side has its own.
///
/// Leaving scope closes what was not given away: the child's ends after a start, everything after a failure.
struct ChildStreams: ~Copyable {
    let isTerminal: Bool
    /// What the child's three streams are made of; nil: it keeps our stderr.
    let childInput: CInt
    let childOutput: CInt
    let childErrors: CInt?

    private let ourInput: Descriptor
    private let ourOutput: Descriptor
    private let ourErrors: Descriptor?
    private let theirInput: Descriptor
    private let theirOutput: Descriptor?
    private let theirErrors: Descriptor?

    init(_ channel: SpawnRequest.Channel) throws(Errno) {
        switch channel {
        case .pipes(let errors, let pipeBytes): self = try Self(errors: errors, pipeBytes: pipeBytes)
        case .terminal(let size): self = try Self(terminal: size)
        }
    }

    private init(errors: SpawnRequest.ErrorOutput, pipeBytes: Int?) throws(Errno) {
        let input = try ChildPipe(.toChild, bytes: pipeBytes)
        let output = try ChildPipe(.fromChild, bytes: pipeBytes)
        let errorOutput = try ErrorEnds(errors)
        self.isTerminal = false
        self.childInput = input.theirs.rawValue
        self.childOutput = output.theirs.rawValue
        self.childErrors = errorOutput.child
        self.ourInput = input.ours
        self.ourOutput = output.ours
        self.ourErrors = errorOutput.ours
        self.theirInput = input.theirs
        self.theirOutput = .some(output.theirs)
        self.theirErrors = errorOutput.theirs
    }

    /// One master, twice: each direction closes its own descriptor.
    private init(terminal size: TerminalSize) throws(Errno) {
        let terminal = try ChildTerminal(size: size)
        let output = try terminal.master.duplicate()
        self.isTerminal = true
        self.childInput = terminal.slave.rawValue
        self.childOutput = terminal.slave.rawValue
        self.childErrors = terminal.slave.rawValue
        self.ourInput = terminal.master
        self.ourOutput = output
        self.ourErrors = nil
        self.theirInput = terminal.slave
        self.theirOutput = nil
        self.theirErrors = nil
    }

    /// Gives our ends away together with the process; the child's are closed here.
    consuming func ours(of process: consuming StartedProcess, _ mark: DescentMark) -> SpawnedChild {
        SpawnedChild(
            mark: mark, pid: process.pid, pidfd: process.pidfd, isTerminal: self.isTerminal,
            stdin: self.ourInput, stdout: self.ourOutput, stderr: self.ourErrors)
    }
}

/// The ends of the third stream, where "none" is an answer.
private struct ErrorEnds: ~Copyable {
    let child: CInt?
    let ours: Descriptor?
    let theirs: Descriptor?

    init(_ output: SpawnRequest.ErrorOutput) throws(Errno) {
        switch output {
        case .pipe:
            let pipe = try ChildPipe(.fromChild)
            self.child = pipe.theirs.rawValue
            self.ours = .some(pipe.ours)
            self.theirs = .some(pipe.theirs)
        case .discard:
            let nowhere = try Descriptor.nowhere()
            self.child = nowhere.rawValue
            self.ours = nil
            self.theirs = .some(nowhere)
        case .inherit:
            self.child = nil
            self.ours = nil
            self.theirs = nil
        }
    }
}
