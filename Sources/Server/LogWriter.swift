internal import SystemCalls

/// Brings log lines to stderr from a thread of its own, so that a reader who stops reading stops nobody else.
final class LogWriter: Sendable {
    /// Lines that wait are bounded, in bytes: about 5,000 of them. What comes when it is full is dropped and counted.
    private static let waitingBytesMax = 1 << 20

    private struct State {
        var lines: [UInt8] = []
        var dropped = 0
        var phase = Phase.idle
        var droppedSinceStart: UInt64 = 0
    }

    private enum Phase {
        case idle
        case running(JoinableThread)
        case stopping
    }

    private let state = Lock(State())
    private let wakeUps = Semaphore()
    /// Posted once, by the thread as its last act.
    private let end = Semaphore()

    func start() throws(Errno) {
        try self.state.withLock { state throws(Errno) in
            guard case .idle = state.phase else { preconditionFailure("a log writer is started once") }
            state.phase = .running(try JoinableThread(name: "wsb-log") { self.run() })
        }
    }

    /// From any thread.
    func write(_ line: [UInt8]) {
        let wakes = self.state.withLock { state in
            guard state.lines.count + line.count <= Self.waitingBytesMax else {
                state.dropped += 1
                state.droppedSinceStart += 1
                return false
            }
            state.lines.append(contentsOf: line)
            return state.lines.count == line.count
        }
        if wakes { self.wakeUps.post() }
    }

    /// Lines that were lost because nobody read standard error. From any thread.
    var droppedSinceStart: UInt64 { self.state.withLock(\.droppedSinceStart) }

    /// Writes what waits and ends; gives up on a reader who takes nothing for half a second. The thread that waits for
    /// him is then let go: it ends with the program.
    func stop() {
        let thread = self.state.withLock { state -> JoinableThread? in
            guard case .running(let thread) = state.phase else { return nil }
            state.phase = .stopping
            return thread
        }
        guard let thread else { return }
        self.wakeUps.post()
        if self.end.wait(milliseconds: Self.patienceMilliseconds) { thread.join() } else { thread.detach() }
    }

    /// Long enough for a reader who is only busy, too short to be taken for a server that does not stop.
    private static let patienceMilliseconds: UInt32 = 500

    private func run() {
        while self.writeWaiting() {}
        self.end.post()
    }

    /// Sleeps until there is something to do; false when it is time to end.
    private func writeWaiting() -> Bool {
        self.wakeUps.wait()
        let (lines, dropped, phase) = self.state.withLock { state in
            defer {
                state.lines = []
                state.dropped = 0
            }
            return (state.lines, state.dropped, state.phase)
        }
        StandardError.write(lines)
        if dropped > 0 {
            StandardError.writeLine("wsbridge: \(dropped) log lines dropped: stderr is not read")
        }
        if case .stopping = phase { return false }
        return true
    }
}
