package import IOCore
package import SystemCalls

/// A worker's way to children: requests go to the spawner's thread, answers come back through the worker's mailbox.
package final class WorkerLauncher: ProcessLauncher {
    /// What a launcher needs of other threads.
    package struct Wiring: Sendable {
        package let spawner: Spawner
        /// From the spawner's thread: brings the delivery to `deliver` on the worker's.
        package let post: @Sendable (SpawnDelivery) -> Void
        /// For a child that was reaped: sees to whatever it left behind.
        package let bury: @Sendable (ProcessID, DescentMark) -> Void

        package init(
            spawner: Spawner, post: @escaping @Sendable (SpawnDelivery) -> Void,
            bury: @escaping @Sendable (ProcessID, DescentMark) -> Void
        ) {
            self.spawner = spawner
            self.post = post
            self.bury = bury
        }
    }

    /// Requests of this worker that the spawner has at a time. It starts one after the other, so these keep it busy;
    /// the others wait here, where they have no recipe yet.
    private static let submittedMax = 16

    private let wiring: Wiring
    let loop: any EventLoop
    private var waiting: [Ticket] = []
    private var submitted: [UInt64: Ticket] = [:]
    private var lastNumber: UInt64 = 0

    package init(_ wiring: Wiring, loop: any EventLoop) {
        self.wiring = wiring
        self.loop = loop
    }

    package func launch(_ client: any LaunchClient) -> any LaunchTicket {
        let ticket = Ticket(client)
        let requestsMax = self.wiring.spawner.limits.requestsMax
        if self.waiting.count < requestsMax {
            self.waiting.append(ticket)
            self.submitSome()
        } else {
            self.loop.atEndOfTurn {
                ticket.takeClient()?.launchFailed(SpawnError(.queueFull(requestsMax: requestsMax)).description)
            }
        }
        return ticket
    }

    private func submitSome() {
        while self.submitted.count < Self.submittedMax, !self.waiting.isEmpty {
            self.submit(self.waiting.removeFirst())
        }
    }

    private func submit(_ ticket: Ticket) {
        // Called off while it waited.
        guard let client = ticket.client else { return }
        self.lastNumber += 1
        let number = self.lastNumber
        self.submitted[number] = ticket
        let delivery = SpawnDelivery(number, self.wiring.post)
        ticket.spawning = self.wiring.spawner.submit(SpawnRequest(client.makeRecipe())) { delivery.send($0) }
    }

    /// On the worker's thread.
    package func deliver(_ delivery: SpawnDelivery) {
        let client = self.submitted.removeValue(forKey: delivery.number)?.takeClient()
        self.submitSome()
        guard let reply = delivery.take() else { return }
        switch consume reply {
        case .failed(let error):
            client?.launchFailed(error.description)
        case .started(let child):
            self.adopt(child, for: client)
        }
    }

    /// A child that nobody waits for any more is ended at once.
    private func adopt(_ child: consuming SpawnedChild, for client: (any LaunchClient)?) {
        let pid = child.pid
        do throws(Errno) {
            let process = try LaunchedProcess(child, launcher: self)
            guard let client else { return process.abandon() }
            client.launched(process)
        } catch {
            // Its streams could not be watched. Without a watch nobody would reap it: the sweep at the end does.
            try? pid.sendToGroup(.kill)
            client?.launchFailed("cannot watch the program's streams: \(error)")
        }
    }

    /// For a child that was reaped.
    func bury(_ pid: ProcessID, _ mark: DescentMark) { self.wiring.bury(pid, mark) }

    private final class Ticket: LaunchTicket {
        /// nil: called off, or answered.
        private(set) var client: (any LaunchClient)?
        /// With the spawner.
        var spawning: SpawnTicket?

        init(_ client: any LaunchClient) { self.client = client }

        func cancel() {
            self.spawning?.cancel()
            self.client = nil
        }

        func takeClient() -> (any LaunchClient)? {
            let client = self.client
            self.client = nil
            return client
        }
    }
}

/// A spawner's answer on its way from one thread to another.
package final class SpawnDelivery: Sendable {
    let number: UInt64
    private let reply = Lock<SpawnReply?>(nil)
    private let post: @Sendable (SpawnDelivery) -> Void

    init(_ number: UInt64, _ post: @escaping @Sendable (SpawnDelivery) -> Void) {
        self.number = number
        self.post = post
    }

    func send(_ reply: consuming SpawnReply) {
        var reply = Optional(reply)
        self.reply.withLock { $0 = reply.take() }
        self.post(self)
    }

    func take() -> SpawnReply? {
        self.reply.withLock { $0.take() }
    }
}

extension SpawnRequest {
    fileprivate init(_ recipe: ChildRecipe) {
        self.init(
            id: UniqueID(high: recipe.id.high, low: recipe.id.low), program: recipe.program,
            arguments: recipe.arguments, environment: recipe.environment,
            channel: Channel(recipe.channel), settings: recipe.settings)
    }
}

extension SpawnRequest.Channel {
    fileprivate init(_ channel: ChildRecipe.Channel) {
        switch channel {
        case .pipes(errors: .pipe): self = .pipes(errors: .pipe, pipeBytes: nil)
        case .pipes(errors: .inherit): self = .pipes(errors: .inherit, pipeBytes: nil)
        case .pipes(errors: .discard): self = .pipes(errors: .discard, pipeBytes: nil)
        case .terminal(let size): self = .terminal(size)
        }
    }
}
