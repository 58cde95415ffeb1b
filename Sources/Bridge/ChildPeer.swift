internal import IOCore
internal import SystemCalls
internal import Telemetry
internal import WebSocket

/// A session's child: where the client's messages go, and where its messages come from.
///
/// The session ends for the client when the child has ended and everything it wrote is on its way. The child ends
/// when it wants to, or by the teardown ladder once nobody listens to it, or it has nothing more to say.
final class ChildPeer: SessionPeer {
    private enum Output: Equatable {
        case open, ended
        /// The child has ended too, and nothing more of it is waited for.
        case closed
    }

    // In an order that leaves no gaps: what an idle session holds is counted in bytes (docs/performance.md).
    let command: CommandSettings
    let process: any ChildProcess
    /// nil before the session exists and after it is over: it and its peer hold each other.
    var session: WebSocketSession?
    private let output: PeerOutput
    /// nil: nothing has come on stderr, or all of it was read.
    private var errors: ChildErrors?
    private var unsentInput: UInt32 = 0
    private var timer: TimerID?
    private(set) var ending: ExitStatus?
    private(set) var ladder = TeardownLadder()
    private var outputState = Output.open
    private var isInputOpen = true

    init(_ process: any ChildProcess, command: CommandSettings) {
        self.process = process
        self.command = command
        self.output = PeerOutput(command.records)
    }

    private var loop: any EventLoop { self.command.loop }

    /// Begins once the session stands.
    func start(_ session: WebSocketSession) {
        self.session = session
        self.output.start(self)
        self.process.output.delegate = self.output
        self.process.input.delegate = self
        self.process.client = self
    }

    // MARK: SessionPeer

    var encoding: MessageEncoding { .records(self.command.records.encoding) }

    func sink(for client: any ByteStream) -> (any ByteStream)? {
        self.isInputOpen ? self.process.input : nil
    }

    var returnsMessages: Bool { false }

    var takesLateMessages: Bool { false }

    var fields: [LogField] { [] }

    var isTerminal: Bool { self.command.usesTerminal }

    func resizeTerminal(to size: TerminalSize) { self.process.resizeTerminal(to: size) }

    func clientIsFull() {
        self.process.output.pauseReading()
        // Of the two only what goes to the client has to wait for it.
        if self.command.errorPolicy == .client { self.errors?.stream.pauseReading() }
    }

    func clientHasRoom() {
        self.process.output.resumeReading()
        if self.command.errorPolicy == .client { self.errors?.stream.resumeReading() }
    }

    /// Nobody listens any more: what comes is dropped, so that a child that writes is not stuck, and it is ended.
    func clientEnded() {
        self.output.discard()
        self.clientHasRoom()
        self.endChild()
        self.finishIfOver()
    }

    var isOver: Bool { self.outputState == .closed }

    func sessionEnded() { self.session = nil }
}

// MARK: - The child's standard input

extension ChildPeer: ByteStreamDelegate {
    /// Nothing is read from it.
    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {}
    func inputEnded() {}

    /// It takes more, or took all of it.
    func outputAdvanced() { self.session?.noteInput() }

    /// The child closed it: what the client sends is dropped, what the child sends goes on.
    func failed(_ failure: StreamFailure) {
        self.isInputOpen = false
        self.session?.noteInput()
    }
}

// MARK: - The child's side

extension ChildPeer: ChildProcessClient {
    func childEnded(_ status: ExitStatus) {
        self.ending = status
        self.session?.settings.tally.children.ended.count(self.outcome(of: status))
        self.stopTimer()
        self.isInputOpen = false
        self.process.input.close()
        self.finishIfOver()
    }

    func errorsBegan(_ stream: any ByteStream) {
        self.errors = ChildErrors(stream, peer: self)
        let isClientFull = self.session?.outbound.isPaused ?? false
        if self.command.errorPolicy == .client, isClientFull, !self.output.isDiscarding { stream.pauseReading() }
    }

    func errorsNeverBegan() { self.finishIfOver() }

    /// stderr ended.
    func errorsEnded() {
        self.errors = nil
        self.finishIfOver()
    }
}

extension ChildPeer: PeerOutputOwner {
    /// stdout ended. A child that still runs goes on reading, as `cat >file` does: its end is the end of the session.
    func outputEnded() {
        self.outputState = .ended
        self.process.output.close()
        self.finishIfOver()
    }

    /// stdout does not keep to the framing.
    func outputBroke(_ reason: String) {
        self.session?.settings.log.write(.warning, "the program's output cannot be framed: \(reason)", self.logFields)
        self.session?.close(.internalError, reason)
        self.output.discard()
        self.endChild()
    }

    /// The child has ended and all of its output was read: the end of the session.
    private func finishIfOver() {
        guard let status = self.ending, self.outputState != .closed else { return }
        guard self.outputState == .ended || self.output.isDiscarding else { return }
        if self.errors != nil || self.process.mayBeginErrors {
            if self.timer == nil { self.startTimer(Self.errorsPatience) }
            return
        }
        self.finish(status)
    }

    /// Ends the session as the closing table has it.
    private func finish(_ status: ExitStatus) {
        self.stopTimer()
        self.outputState = .closed
        self.process.output.close()
        self.output.close()
        self.process.ignoreErrors()
        self.errors?.close()
        self.errors = nil
        let (code, reason) = self.closing(for: status)
        self.session?.close(code, reason)
        self.session?.peerIsGone()
    }

    /// Nanoseconds for the last words of a child that has ended: they lie in the pipe already, but its end does
    /// not come while a daemon of the child's holds it.
    private static let errorsPatience: UInt64 = 100_000_000

    /// What names the child in a log line.
    var logFields: [LogField] {
        (self.session?.identityFields ?? []) + [LogField("pid", .integer(Int64(self.process.pid)))]
    }
}

// MARK: - Teardown

extension ChildPeer: TimerClient {
    private func endChild() {
        guard self.ending == nil, !self.ladder.hasBegun else { return }
        self.climb()
    }

    private func climb() {
        guard let rung = self.ladder.climb(self.command.teardown) else { return }
        switch rung.measure {
        case .closeInput:
            self.unsentInput = self.unsentNow
            self.process.input.finishWriting()
            self.isInputOpen = false
            self.session?.noteInput()
        case .signalGroup(let signal):
            self.process.signalGroup(signal)
            self.session?.close(.normal, "")
        }
        self.startTimer(rung.patience)
    }

    func timerFired() {
        self.timer = nil
        if let status = self.ending { return self.finish(status) }
        let unsent = self.unsentNow
        // What the client had sent before the end is still being read, or was a moment ago: no reason to hurry.
        if unsent < self.unsentInput, !self.hasSignalled {
            self.unsentInput = unsent
            return self.startTimer(Self.progressPatience)
        }
        self.climb()
    }

    private var unsentNow: UInt32 { UInt32(clamping: self.process.input.unsentCount) }

    /// Nanoseconds in which a child that reads its rest must get on.
    private static let progressPatience: UInt64 = 1_000_000_000

    private func startTimer(_ patience: UInt64) {
        self.timer = self.loop.startTimer(self, at: self.loop.now &+ patience)
    }

    private func stopTimer() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }
}
