internal import IOCore
internal import SystemCalls

/// A running child as its session sees it. Whatever the session does, its end is collected and its group buried.
final class LaunchedProcess: ChildProcess, ExitClient {
    let input: any ByteStream
    let output: any ByteStream
    let errors: (any ByteStream)?
    // In an order that leaves no gaps: what an idle session holds is counted in bytes (docs/performance.md).
    var client: (any ChildProcessClient)?
    private let mark: DescentMark
    private let launcher: WorkerLauncher
    private let processID: ProcessID
    /// The master once more, to give it another size, as long as the child runs.
    private var terminal: Descriptor?
    private var isRunning = true

    init(_ child: consuming SpawnedChild, loop: any EventLoop, launcher: WorkerLauncher) throws(Errno) {
        self.processID = child.pid
        self.mark = child.mark
        self.launcher = launcher
        var child = child
        let isTerminal = child.isTerminal
        self.terminal = isTerminal ? .some(try child.stdout.duplicate()) : nil
        self.input = try loop.makeStream(child.stdin, kind: isTerminal ? .terminalOutput : .output)
        self.output = try loop.makeStream(child.stdout, kind: isTerminal ? .terminalInput : .input)
        if let errors = child.stderr.take() {
            self.errors = try loop.makeStream(errors, kind: .input)
        } else {
            self.errors = nil
        }
        try loop.watchExit(child.pidfd, self)
    }

    var pid: Int32 { self.processID.rawValue }

    /// A size that the kernel refuses changes nothing.
    func resizeTerminal(to size: TerminalSize) {
        try? self.terminal?.resizeTerminal(to: size)
    }

    func signalGroup(_ signal: Signal) {
        // Once it was reaped its number may be somebody else's.
        guard self.isRunning else { return }
        try? self.processID.sendToGroup(signal)
    }

    /// Nobody wants it: it goes as fast as it came.
    func abandon() {
        self.signalGroup(.kill)
        self.terminal = nil
        self.input.close()
        self.output.close()
        self.errors?.close()
    }

    func processEnded(_ pidfd: borrowing Descriptor) {
        self.isRunning = false
        self.terminal = nil
        let status = (try? ChildEnd.collect(self.processID, pidfd)) ?? .exited(0)
        self.launcher.bury(self.processID, self.mark)
        let client = self.client
        self.client = nil
        client?.childEnded(status)
    }
}
