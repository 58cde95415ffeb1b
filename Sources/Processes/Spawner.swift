package import SystemCalls

/// The thread that starts all children.
///
/// Starting stops the calling thread until the child has become its program, which a worker cannot afford;
/// and the kernel binds the parent-death signal to the thread that started the child, so that thread must
/// live as long as the server: **`stop` ends every child that is left.**
package final class Spawner: Sendable {
    package struct Limits: Sendable {
        /// In the spawner's queue, and in that of each worker before it. At 100 µs a start the last in a full one waits
        /// 100 ms; beyond that "busy" is the kinder answer.
        package var requestsMax = 1024

        package init() {}
    }

    /// Called once for each request; on the spawner's thread, so it must not block, or at once when refused.
    package typealias Reply = @Sendable (consuming SpawnReply) -> Void

    private struct Job {
        let request: SpawnRequest
        let ticket: SpawnTicket
        let reply: Reply
    }

    private enum Phase {
        case idle
        case running(JoinableThread)
        case stopped
    }

    private struct State {
        var phase = Phase.idle
        var queue: [Job] = []
        /// Queued, or in the batch that the thread has taken and not yet come to.
        var waiting = 0
    }

    let limits: Limits
    private let launcher: ChildLauncher
    private let state = Lock(State())
    private let wakeUps = Semaphore()

    /// Without a guardian, descendants outlive a server that is killed by SIGKILL: for tests.
    package init(guardian: Guardian?, live: LiveChildren, limits: Limits = Limits()) throws(Errno) {
        self.limits = limits
        self.launcher = try ChildLauncher(guardian: guardian, live: live)
    }

    package func start() throws(Errno) {
        try self.state.withLock { state throws(Errno) in
            guard case .idle = state.phase else { preconditionFailure("a spawner is started once") }
            state.phase = .running(try JoinableThread(name: "wsb-spawner") { self.run() })
        }
    }

    /// Queues a request. The reply always comes, also for a request that is refused, cancelled or overtaken
    /// by `stop`.
    @discardableResult
    package func submit(_ request: SpawnRequest, reply: @escaping Reply) -> SpawnTicket {
        let ticket = SpawnTicket()
        let refusal = self.state.withLock { state -> SpawnError? in
            guard case .running = state.phase else { return SpawnError(.stopped) }
            guard state.waiting < self.limits.requestsMax else {
                return SpawnError(.queueFull(requestsMax: self.limits.requestsMax))
            }
            state.queue.append(Job(request: request, ticket: ticket, reply: reply))
            state.waiting += 1
            return nil
        }
        if let refusal {
            reply(.failed(refusal))
        } else {
            self.wakeUps.post()
        }
        return ticket
    }

    /// Answers what waits with `.stopped`, ends the thread and with it every child: call it when none is
    /// left.
    package func stop() {
        let thread = self.state.withLock { state -> JoinableThread? in
            defer { state.phase = .stopped }
            guard case .running(let thread) = state.phase else { return nil }
            return thread
        }
        guard let thread else { return }
        self.wakeUps.post()
        thread.join()
    }

    // MARK: - On the thread

    private func run() {
        while true {
            self.wakeUps.wait()
            var batch = self.state.withLock { state in
                defer { state.queue = [] }
                return state.queue
            }
            if batch.isEmpty && !self.isRunning { return }
            // Each is let go of once it is answered, not with the last: environments are what a burst costs most.
            batch.reverse()
            while let job = batch.popLast() { job.reply(self.answer(job)) }
        }
    }

    /// A batch leaves surplus wake-ups behind; each finds an empty queue and goes back to sleep.
    private func answer(_ job: Job) -> SpawnReply {
        let mayStart = self.state.withLock { state in
            state.waiting -= 1
            guard case .running = state.phase else { return false }
            return true
        }
        if !mayStart { return .failed(SpawnError(.stopped)) }
        if job.ticket.isCancelled { return .failed(SpawnError(.cancelled)) }
        do throws(SpawnError) {
            return .started(try self.launcher.launch(job.request))
        } catch {
            return .failed(error)
        }
    }

    private var isRunning: Bool {
        self.state.withLock { state in
            guard case .running = state.phase else { return false }
            return true
        }
    }
}
