internal import Synchronization
internal import SystemCalls

/// Brings log lines to stderr from a thread of its own, so that a reader who stops reading stops nobody else.
final class LogWriter: Sendable {
    /// Lines that wait are bounded, in bytes: about 5,000 of them. What comes when it is full is dropped and counted.
    private static let waitingBytesMax = 1 << 20

    private struct State {
        var lines: [UInt8] = []
        var dropped = 0
        var droppedSinceStart: UInt64 = 0
        var isStopping = false
    }

    private let state = Mutex(State())
    private let wakeUps = Semaphore()
    private let finished = Atomic(false)

    func start() throws(Errno) {
        _ = try JoinableThread(name: "wsb-log") { self.run() }
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

    /// Writes what waits and ends; gives up on a reader who takes nothing for half a second.
    func stop() {
        self.state.withLock { $0.isStopping = true }
        self.wakeUps.post()
        for _ in 0..<100 where !self.finished.load(ordering: .acquiring) { Clock.pause(milliseconds: 5) }
    }

    private func run() {
        while true {
            self.wakeUps.wait()
            let (lines, dropped, isStopping) = self.state.withLock { state in
                defer {
                    state.lines = []
                    state.dropped = 0
                }
                return (state.lines, state.dropped, state.isStopping)
            }
            StandardError.write(lines)
            if dropped > 0 {
                StandardError.write(Array("wsbridge: \(dropped) log lines dropped: stderr is not read\n".utf8))
            }
            if isStopping { break }
        }
        self.finished.store(true, ordering: .releasing)
    }
}
