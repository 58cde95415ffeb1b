internal import IOCore
internal import SystemCalls

/// A running child as its session sees it. Whatever the session does, its end is collected and its group buried.
///
/// What is silent most of the time is a descriptor here and no object of its own: the pidfd, readable once the process
/// has ended (pidfd_open(2)), and stderr until something comes.
final class LaunchedProcess: ReadinessHandler, ChildProcess {
    /// What there may be beside stdin and stdout.
    private enum Third: ~Copyable {
        case none
        /// Nothing has come yet.
        case silentErrors(Descriptor)
        /// The master once more, to give it another size, as long as the child runs.
        case terminal(Descriptor)
    }

    // In an order that leaves no gaps: what an idle session holds is counted in bytes (docs/performance.md).
    let input: any ByteStream
    let output: any ByteStream
    var client: (any ChildProcessClient)?
    private let mark: DescentMark
    private let launcher: WorkerLauncher
    private let processID: ProcessID
    /// nil once the process has ended.
    private var pidfd: Descriptor?
    private var third: Third

    init(_ child: consuming SpawnedChild, launcher: WorkerLauncher) throws(Errno) {
        self.processID = child.pid
        self.mark = child.mark
        self.launcher = launcher
        var child = child
        let loop = launcher.loop
        let isTerminal = child.isTerminal
        if isTerminal {
            self.third = .terminal(try child.stdout.duplicate())
        } else if let errors = child.stderr.take() {
            self.third = .silentErrors(errors)
        } else {
            self.third = .none
        }
        self.input = try loop.makeStream(child.stdin, kind: isTerminal ? .terminalOutput : .output)
        self.output = try loop.makeStream(child.stdout, kind: isTerminal ? .terminalInput : .input)
        self.pidfd = .some(child.pidfd)
        super.init()
        try self.watch()
    }

    private func watch() throws(Errno) {
        let loop = self.launcher.loop
        switch self.third {
        case .silentErrors(let errors): try loop.watch(errors, self)
        case .none: break
        case .terminal: break
        }
        switch self.pidfd {
        case .some(let pidfd): try loop.watch(pidfd, self)
        case .none: break
        }
    }

    var pid: Int32 { self.processID.rawValue }

    /// A size that the kernel refuses changes nothing.
    func resizeTerminal(to size: TerminalSize) {
        switch self.third {
        case .terminal(let master): try? master.resizeTerminal(to: size)
        case .none: break
        case .silentErrors: break
        }
    }

    func signalGroup(_ signal: Signal) {
        // Once it was reaped its number may be somebody else's.
        guard self.pidfd != nil else { return }
        try? self.processID.sendToGroup(signal)
    }

    /// Nobody wants it: it goes as fast as it came.
    func abandon() {
        self.signalGroup(.kill)
        self.input.close()
        self.output.close()
        self.ignoreErrors()
    }

    // MARK: ReadinessHandler

    override func ready(_ readiness: Readiness, on descriptor: CInt) {
        if descriptor == self.pidfd?.rawValue { self.end() } else { self.beginErrors(readiness) }
    }

    override func close() {
        self.client = nil
        self.ignoreErrors()
        if let pidfd = self.pidfd.take() { self.launcher.loop.endWatch(pidfd) }
    }

    private func end() {
        guard let pidfd = self.pidfd.take() else { return }
        let status = (try? ChildEnd.collect(self.processID, pidfd)) ?? .exited(0)
        self.launcher.loop.endWatch(pidfd)
        self.launcher.bury(self.processID, self.mark)
        let client = self.client
        self.forgetClient()
        client?.childEnded(status)
    }

    /// Once nothing is left to be told.
    private func forgetClient() {
        if self.pidfd == nil, !self.mayBeginErrors { self.client = nil }
    }
}

// MARK: - Standard error

extension LaunchedProcess {
    var mayBeginErrors: Bool {
        switch self.third {
        case .silentErrors: true
        case .none: false
        case .terminal: false
        }
    }

    func ignoreErrors() {
        if let errors = self.takeErrors() { self.launcher.loop.endWatch(errors) }
        self.forgetClient()
    }

    private func takeErrors() -> Descriptor? {
        var third = Third.none
        swap(&third, &self.third)
        switch consume third {
        case .silentErrors(let errors): return errors
        case .none: return nil
        case .terminal: return nil
        }
    }

    private func beginErrors(_ readiness: Readiness) {
        let client = self.client
        guard let errors = self.takeErrors() else { return }
        self.forgetClient()
        guard readiness.isReadable else {
            self.launcher.loop.endWatch(errors)
            client?.errorsNeverBegan()
            return
        }
        do throws(Errno) {
            client?.errorsBegan(try self.launcher.loop.makeStream(errors, kind: .input))
        } catch {
            // Closed by now.
            client?.errorsNeverBegan()
        }
    }
}
