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

    private let wiring: Wiring
    let loop: any EventLoop
    private var waiting: [UInt64: any LaunchClient] = [:]
    private var lastNumber: UInt64 = 0

    package init(_ wiring: Wiring, loop: any EventLoop) {
        self.wiring = wiring
        self.loop = loop
    }

    package func launch(_ recipe: ChildRecipe, _ client: any LaunchClient) -> any LaunchTicket {
        self.lastNumber += 1
        let number = self.lastNumber
        self.waiting[number] = client
        let post = self.wiring.post
        let ticket = self.wiring.spawner.submit(SpawnRequest(recipe)) { reply in
            post(SpawnDelivery(number, reply))
        }
        return Ticket(number, ticket, launcher: self)
    }

    /// On the worker's thread.
    package func deliver(_ delivery: SpawnDelivery) {
        let client = self.waiting.removeValue(forKey: delivery.number)
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

    fileprivate func cancel(_ number: UInt64) { self.waiting[number] = nil }

    private final class Ticket: LaunchTicket {
        private let number: UInt64
        private let ticket: SpawnTicket
        private let launcher: WorkerLauncher

        init(_ number: UInt64, _ ticket: SpawnTicket, launcher: WorkerLauncher) {
            self.number = number
            self.ticket = ticket
            self.launcher = launcher
        }

        func cancel() {
            self.ticket.cancel()
            self.launcher.cancel(self.number)
        }
    }
}

/// A spawner's answer on its way from one thread to another.
package final class SpawnDelivery: Sendable {
    let number: UInt64
    private let reply: Lock<SpawnReply?>

    init(_ number: UInt64, _ reply: consuming SpawnReply) {
        self.number = number
        self.reply = Lock(reply)
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
