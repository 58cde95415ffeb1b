package import IOCore
package import SystemCalls

/// A child without a process: runs a program of steps against three pipes.
package final class SimulatedChild: ChildProcess, SimulatedParticipant {
    private enum Life { case running, ended(ExitStatus), reported }

    package let pid: Int32
    package var client: (any ChildProcessClient)?
    /// What it was sent, and when.
    package private(set) var signals: [(signal: Signal, at: UInt64)] = []
    /// The sizes its terminal was given.
    package private(set) var terminalSizes: [TerminalSize] = []
    /// When its stdin ended, if it has.
    package private(set) var inputEndedAt: UInt64?
    /// All that it has read of its stdin.
    package private(set) var bytesRead: [UInt8] = []

    private let loop: SimulatedLoop
    private let inputPipe: SimulatedPipe
    private let outputPipe: SimulatedPipe
    private let errorPipe: SimulatedPipe
    private let program: SimulatedProgram
    private let inputStream: SimulatedStream
    private let outputStream: SimulatedStream
    /// Until something is written to it, or nobody wants to hear of it.
    private var silentErrors: SimulatedPipe?
    /// What it became.
    package private(set) var errorStream: SimulatedStream?
    private var steps: ArraySlice<SimulatedProgram.Step>
    private var life = Life.running
    private var wakesAt: UInt64?
    /// What the step under way has still to write.
    private var outbox: [UInt8] = []

    package init(
        _ program: SimulatedProgram, _ loop: SimulatedLoop, pid: Int32 = 4711,
        capacity: Int = SimulatedPipe.capacityStandard, hasErrorPipe: Bool = true
    ) {
        self.program = program
        self.steps = program.steps[...]
        self.loop = loop
        self.pid = pid
        self.inputPipe = SimulatedPipe(capacity: capacity)
        self.outputPipe = SimulatedPipe(capacity: capacity)
        self.errorPipe = SimulatedPipe(capacity: capacity)
        let nothing = SimulatedPipe(capacity: 0)
        self.inputStream = SimulatedStream(loop, kind: .output, incoming: nothing, outgoing: self.inputPipe)
        self.outputStream = SimulatedStream(loop, kind: .input, incoming: self.outputPipe, outgoing: nothing)
        self.silentErrors = hasErrorPipe ? self.errorPipe : nil
        loop.add(self)
    }

    package var input: any ByteStream { self.inputStream }
    package var output: any ByteStream { self.outputStream }
    package var mayBeginErrors: Bool { self.silentErrors != nil }
    package var isReported: Bool { if case .reported = self.life { true } else { false } }
    /// How much its stdout holds that nobody has read.
    package var unreadCount: Int { self.outputPipe.count }
    package var bytesWritten: Int { self.outputPipe.bytesPassed + self.outputPipe.count }

    package func abandon() {
        self.signalGroup(.kill)
        self.inputStream.close()
        self.outputStream.close()
        self.ignoreErrors()
    }

    package func ignoreErrors() {
        if let pipe = self.silentErrors.take() { pipe.abandon() }
        self.leaveIfOver()
    }

    /// As epoll tells of a pipe: that it has bytes, or has ended.
    private func beginErrors(_ client: any ChildProcessClient) -> Bool {
        guard let pipe = self.silentErrors, pipe.count > 0 || pipe.writer != .open else { return false }
        guard !self.loop.generator.chance(50) else { return true }
        self.silentErrors = nil
        self.leaveIfOver()
        guard pipe.count > 0 else {
            client.errorsNeverBegan()
            return true
        }
        let stream = SimulatedStream(
            self.loop, kind: .input, incoming: pipe, outgoing: SimulatedPipe(capacity: 0))
        self.errorStream = stream
        client.errorsBegan(stream)
        return true
    }

    /// Nothing is left to be told.
    private func leaveIfOver() {
        guard case .reported = self.life, self.silentErrors == nil else { return }
        self.client = nil
        self.loop.remove(self)
    }

    package func resizeTerminal(to size: TerminalSize) { self.terminalSizes.append(size) }

    package func signalGroup(_ signal: Signal) {
        self.signals.append((signal, self.loop.now))
        guard case .running = self.life else { return }
        if signal == .terminate, self.program.ignoresTerminate { return }
        self.end(.killed(signal, dumpedCore: false))
    }

    /// The daemon ends that kept stdout open.
    package func endDaemon() { self.outputPipe.end() }

    package func turn() -> Bool {
        if let client = self.client, self.beginErrors(client) { return true }
        switch self.life {
        case .running:
            return self.step()
        case .ended(let status):
            // The pidfd and the ends of the pipes are reported in any order.
            guard let client = self.client, !self.loop.generator.chance(50) else { return self.client != nil }
            self.life = .reported
            self.leaveIfOver()
            client.childEnded(status)
            return true
        case .reported:
            return false
        }
    }

    package var deadline: UInt64? { self.wakesAt }

    private func end(_ status: ExitStatus) {
        self.life = .ended(status)
        self.wakesAt = nil
        self.inputPipe.abandon()
        self.errorPipe.end()
        if !self.program.leavesDaemon { self.outputPipe.end() }
    }
}

// MARK: - Steps

extension SimulatedChild {
    private func step() -> Bool {
        guard let step = self.steps.first else { return false }
        switch step {
        case .write(let bytes): return self.write(bytes, to: self.outputPipe)
        case .writeErrors(let bytes): return self.write(bytes, to: self.errorPipe)
        case .copy: return self.copy()
        case .drain: return self.read(.max) || self.finishInput()
        case .flood(let bytes): return self.flood(bytes)
        case .closeInput: self.inputPipe.abandon()
        case .closeOutput: self.outputPipe.end()
        case .wait(let nanoseconds): return self.wait(nanoseconds)
        case .hang: return false
        case .exit(let code): self.end(.exited(code))
        case .die(let signal): self.end(.killed(signal, dumpedCore: false))
        }
        self.steps = self.steps.dropFirst()
        return true
    }

    /// Puts what there is room for into a pipe; the step is over when all of it is in.
    private func write(_ bytes: [UInt8], to pipe: SimulatedPipe) -> Bool {
        if self.outbox.isEmpty { self.outbox = bytes }
        let hasMoved = self.moveOutbox(to: pipe)
        guard self.outbox.isEmpty, case .running = self.life else { return hasMoved }
        self.steps = self.steps.dropFirst()
        return true
    }

    private func moveOutbox(to pipe: SimulatedPipe) -> Bool {
        guard pipe.hasReader else {
            self.end(.killed(Signal(rawValue: 13), dumpedCore: false))
            return true
        }
        let count = min(self.outbox.count, pipe.room)
        guard count > 0 else { return false }
        pipe.push(self.outbox[..<count])
        self.outbox.removeFirst(count)
        return true
    }

    private func copy() -> Bool {
        guard self.outbox.isEmpty else { return self.moveOutbox(to: self.outputPipe) }
        let before = self.bytesRead.count
        guard self.read(.max) else { return self.finishInput() }
        self.outbox = Array(self.bytesRead[before...])
        _ = self.moveOutbox(to: self.outputPipe)
        return true
    }

    private func flood(_ bytes: [UInt8]) -> Bool {
        if self.outbox.isEmpty { self.outbox = bytes }
        return self.moveOutbox(to: self.outputPipe)
    }

    private func read(_ most: Int) -> Bool {
        let count = min(self.inputPipe.count, most, self.program.readBytesMax)
        guard count > 0 else { return false }
        self.bytesRead += self.inputPipe.pull(count)
        return true
    }

    private func finishInput() -> Bool {
        guard self.inputPipe.writer == .ended else { return false }
        self.inputEndedAt = self.loop.now
        self.steps = self.steps.dropFirst()
        return true
    }

    private func wait(_ nanoseconds: UInt64) -> Bool {
        guard let wakesAt = self.wakesAt else {
            self.wakesAt = self.loop.now + nanoseconds
            return true
        }
        guard self.loop.now >= wakesAt else { return false }
        self.wakesAt = nil
        self.steps = self.steps.dropFirst()
        return true
    }
}
