internal import Bridge
internal import Buffers
internal import Configuration
internal import Dialing
internal import HTTP1
internal import HTTPConnection
internal import IOCore
internal import Processes
internal import Reactor
internal import SystemCalls
internal import Telemetry
internal import Transport

/// One thread's share of the server: its reactor, its listeners, its sessions. Only orders come in from outside.
final class Worker {
    let index: Int
    let shared: Shared
    let reactor: Reactor
    let reception: Reception
    private let launcher: WorkerLauncher
    private let names: WorkerResolver
    /// By the number of the entrance.
    var desks: [Int: FrontDesk] = [:]
    var listeners: [Int: [Listener]] = [:]
    /// Entrances whose sockets the service manager has too.
    var keptElsewhere: Set<Int> = []
    var connectionLimits: HTTPConnection.Limits
    let doorway: Doorway
    var isDraining = false
    private var connectionsAccepted: UInt64 = 0
    /// When the log last heard that no more can be accepted.
    private var exhaustedAt: UInt64?

    init(index: Int, shared: Shared, generation: Generation) throws(Errno) {
        self.index = index
        self.shared = shared
        let pool = BlockPool(bytesMax: generation.memory.poolBytesMax, reserve: generation.memory.reserve)
        let reactor = try Reactor(pool: pool, gauge: shared.gauges[index])
        self.reactor = reactor
        let mailbox = shared.mailboxes[index]
        self.launcher = WorkerLauncher(
            WorkerLauncher.Wiring(
                spawner: shared.spawner, post: { mailbox.post(.childStarted($0)) }, bury: shared.bury),
            loop: reactor)
        self.names = WorkerResolver(shared.resolver) { mailbox.post(.nameResolved($0)) }
        let doorway = Doorway(loop: reactor, log: shared.log)
        self.doorway = doorway
        var random = RandomWords()
        self.reception = Reception(
            generation,
            Reception.Wiring(
                loop: reactor, launcher: self.launcher, names: self.names, log: shared.log,
                workspace: { doorway.workspace },
                drawID: { HexID(high: random.next(), low: random.next()) }))
        self.connectionLimits = HTTPConnection.Limits(generation.plan.connections)
        _ = try MailboxBell(mailbox, reactor: reactor) {
            for order in mailbox.take() { self.follow(order) }
        }
        for entrance in generation.entrances { try self.listen(at: entrance) }
    }

    /// Serves until it is told to stop.
    func run() {
        self.reactor.run()
        self.listeners = [:]
        self.reactor.close()
    }

    private func follow(_ order: WorkerOrder) {
        switch order {
        case .takeOver(let descriptor, let peer, let entrance): self.open(descriptor, peer, at: entrance)
        case .childStarted(let delivery): self.launcher.deliver(delivery)
        case .nameResolved(let delivery): self.names.deliver(delivery)
        case .adopt(let generation): self.adopt(generation)
        case .count: self.shared.reports.post(.counted(worker: self.index, self.tally))
        case .stopAccepting(let departure): self.stopAccepting(departure)
        case .leave: self.reportWhenLeft()
        case .drain: self.drain()
        case .stop: self.reactor.stop()
        }
    }
}

// MARK: - Numbers

extension Worker {
    /// What this worker has counted. Open sessions are asked here and nowhere else.
    private var tally: WorkerTally {
        var census = SessionCensus()
        self.reactor.forEachDelegate { census.count($0) }
        var tally = WorkerTally()
        tally.cpuNanoseconds = Clock.thread
        tally.connectionsAccepted = self.connectionsAccepted
        tally.connectionsOpen = census.connections
        tally.poolBytesUsed = self.reactor.pool.bytesLent
        tally.poolBytesMax = self.reactor.pool.bytesMax
        tally.requestsRefused = self.reception.requestsRefused
        tally.routes = self.reception.tallies(census)
        return tally
    }
}

extension HTTPConnection.Limits {
    convenience init(_ plan: ConnectionPlan) {
        self.init(
            head: RequestHeadLimits(), headTimeout: plan.handshakeTimeout.nanoseconds,
            lingerTimeout: plan.lingerTimeout.nanoseconds)
    }
}

// MARK: - Connections

extension Worker {
    func listen(at entrance: Entrance) throws(Errno) {
        self.desks[entrance.number] = FrontDesk(entrance, self.reception, log: self.shared.log)
        if entrance.isKeptElsewhere { self.keptElsewhere.insert(entrance.number) }
        for raw in entrance.listeners(ofWorker: self.index, of: self.shared.mailboxes.count) {
            let descriptor = Descriptor(owning: raw)
            if entrance.address.port != nil { Socket.disableDelay(descriptor) }
            let listener = try Listener(
                descriptor, reactor: self.reactor,
                accept: { self.place($0, $1, at: entrance) },
                exhausted: { self.reportExhaustion($0) })
            self.listeners[entrance.number, default: []].append(listener)
        }
    }

    /// The kernel spreads connections by hash: a handful of long sessions may all land here. A worker that clearly has
    /// more than the least busy one gives the newcomer away.
    private func place(_ descriptor: Int32, _ peer: SocketAddress, at entrance: Entrance) {
        let loads = self.shared.gauges.map(\.value)
        let own = loads[self.index]
        if let least = loads.min(), own > least + Self.imbalanceMin + least / 4,
            let other = loads.firstIndex(of: least)
        {
            self.shared.mailboxes[other].post(.takeOver(descriptor: descriptor, peer: peer, entrance: entrance))
        } else {
            self.open(descriptor, peer, at: entrance)
        }
    }

    /// Below this difference in descriptors the way to another thread costs more than it brings.
    private static let imbalanceMin = 16

    private func open(_ raw: Int32, _ peer: SocketAddress, at entrance: Entrance) {
        let descriptor = Descriptor(owning: raw)
        guard !self.isDraining else { return }
        let local = entrance.isEveryAddress ? try? Socket.localAddress(descriptor) : nil
        guard let stream = try? self.reactor.makeStream(descriptor, kind: .socket) else { return }
        self.connectionsAccepted &+= 1
        // A reload may have closed the entrance while the connection was on its way from another worker.
        let desk = self.desks[entrance.number] ?? FrontDesk(entrance, self.reception, log: self.shared.log)
        self.doorway.admit(
            stream,
            Visit(
                address: peer, listener: local ?? entrance.address, transport: desk.transport, service: desk,
                limits: self.connectionLimits))
    }

    /// Nanoseconds between two lines about it: accepting is tried ten times a second, and it can last for days.
    private static let exhaustionSilence: UInt64 = 10_000_000_000

    private func reportExhaustion(_ error: Errno) {
        if let last = self.exhaustedAt, self.reactor.now &- last < Self.exhaustionSilence { return }
        self.exhaustedAt = self.reactor.now
        self.shared.log.write(
            .error, "cannot accept connections for now; raise the limit of open files (LimitNOFILE=, ulimit -n)",
            [LogField("reason", .string(error.description))])
    }
}
