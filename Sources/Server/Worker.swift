internal import Bridge
internal import Buffers
internal import Configuration
internal import HTTP1
internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore
internal import Processes
internal import Reactor
internal import Site
internal import SystemCalls
internal import TLSEngine
internal import Telemetry
internal import Transport
internal import WebSocket

/// What other threads tell a worker.
enum WorkerOrder: Sendable {
    /// A connection that another worker accepted while it had much more to do.
    case takeOver(descriptor: Int32, peer: SocketAddress, listener: Int)
    case childStarted(SpawnDelivery)
    /// For connections that come from now on.
    case renewCertificates(ServerContexts)
    /// Say what has been counted.
    case count
    /// Close the listeners, and say so.
    case stopAccepting
    /// End every session with 1001.
    case drain
    case stop
}

/// One thread's share of the server: its reactor, its listeners, its sessions. Only orders come in from outside.
final class Worker {
    private let index: Int
    private let shared: Shared
    private let reactor: Reactor
    private let route: BridgeRoute
    private let routeLog: RouteLog
    private let launcher: WorkerLauncher
    private let desks: [FrontDesk]
    private let connectionLimits: HTTPConnection.Limits
    private let doorway: Doorway
    private var listeners: [Listener] = []
    private var isDraining = false
    private var connectionsAccepted: UInt64 = 0

    init(index: Int, shared: Shared) throws(Errno) {
        self.index = index
        self.shared = shared
        let pool = BlockPool(bytesMax: shared.poolBytesMax, reserve: shared.poolReserve)
        let reactor = try Reactor(pool: pool, gauge: shared.gauges[index])
        self.reactor = reactor
        let mailbox = shared.mailboxes[index]
        self.launcher = WorkerLauncher(
            WorkerLauncher.Wiring(
                spawner: shared.spawner, post: { mailbox.post(.childStarted($0)) }, bury: shared.bury),
            loop: reactor)
        let plan = shared.route
        let log = RouteLog(shared.log, ledger: shared.ledger)
        self.routeLog = log
        let settings = SessionSettings(plan, log: log, loop: reactor)
        var random = RandomWords()
        let route = BridgeRoute(
            Self.handler(plan, shared, launcher: self.launcher), settings: settings, origins: plan.origin.rules,
            subprotocols: SubprotocolRule(names: plan.subprotocols, isRequired: plan.subprotocolRequired),
            ledger: shared.ledger, loop: reactor, serverVersion: Product.version,
            drawID: { HexID(high: random.next(), low: random.next()) })
        self.route = route
        self.desks = shared.entrances.map { entrance in
            FrontDesk(
                route: route, site: Site(servesConsole: entrance.servesConsole),
                hosts: entrance.isLoopback ? .loopback(names: plan.hosts) : .any, log: shared.log)
        }
        self.connectionLimits = HTTPConnection.Limits(
            head: RequestHeadLimits(), headTimeout: plan.limits.handshakeTimeout.nanoseconds,
            lingerTimeout: plan.limits.closeTimeout.nanoseconds)
        self.doorway = Doorway(
            shared.transport.contexts, requiresProxyHeader: shared.transport.requiresProxyHeader,
            asksForCertificate: shared.transport.asksForCertificate, loop: reactor, log: shared.log)
        _ = try MailboxBell(mailbox, reactor: reactor) {
            for order in mailbox.take() { self.follow(order) }
        }
        try self.listen()
    }

    /// Serves until it is told to stop.
    func run() {
        self.reactor.run()
        self.listeners = []
        self.reactor.close()
    }

    private static func handler(
        _ plan: RoutePlan, _ shared: Shared, launcher: WorkerLauncher
    ) -> BridgeRoute.Handler {
        switch plan.handler {
        case .echo: .echo
        case .command(let command):
            .command(CommandSettings(command, process: shared.childSettings, launcher: launcher))
        }
    }
}

// MARK: - Connections

extension Worker {
    private func listen() throws(Errno) {
        for (number, entrance) in self.shared.entrances.enumerated() {
            guard let descriptor = entrance.listener(ofWorker: self.index) else { continue }
            if case .unix = entrance.address {} else { Socket.disableDelay(descriptor) }
            let listener = try Listener(
                descriptor, reactor: self.reactor,
                accept: { self.place($0, $1, listener: number) },
                exhausted: { self.reportExhaustion($0) })
            self.listeners.append(listener)
        }
    }

    /// The kernel spreads connections by hash: a handful of long sessions may all land here. A worker that clearly has
    /// more than the least busy one gives the newcomer away.
    private func place(_ descriptor: Int32, _ peer: SocketAddress, listener: Int) {
        let loads = self.shared.gauges.map(\.value)
        let own = loads[self.index]
        if let least = loads.min(), own > least + Self.imbalanceMin + least / 4,
            let other = loads.firstIndex(of: least)
        {
            self.shared.mailboxes[other].post(.takeOver(descriptor: descriptor, peer: peer, listener: listener))
        } else {
            self.open(descriptor, peer, listener: listener)
        }
    }

    /// Below this difference in descriptors the way to another thread costs more than it brings.
    private static let imbalanceMin = 16

    private func open(_ raw: Int32, _ peer: SocketAddress, listener: Int) {
        let descriptor = Descriptor(owning: raw)
        guard !self.isDraining else { return }
        let entrance = self.shared.entrances[listener]
        guard let stream = try? self.reactor.makeStream(descriptor, kind: .socket) else { return }
        self.connectionsAccepted &+= 1
        self.doorway.admit(
            stream,
            Visit(
                address: peer, listener: entrance.address, service: self.desks[listener],
                limits: self.connectionLimits))
    }

    private func reportExhaustion(_ error: Errno) {
        self.shared.log.write(
            .error, "cannot accept connections for now; raise the limit of open files (LimitNOFILE=, ulimit -n)",
            [LogField("reason", .string(error.description))])
    }
}

// MARK: - Orders

extension Worker {
    private func follow(_ order: WorkerOrder) {
        switch order {
        case .takeOver(let descriptor, let peer, let listener): self.open(descriptor, peer, listener: listener)
        case .childStarted(let delivery): self.launcher.deliver(delivery)
        case .renewCertificates(let contexts): self.doorway.contexts = contexts
        case .count: self.shared.reports.post(.counted(worker: self.index, self.tally))
        case .stopAccepting: self.stopAccepting()
        case .drain: self.drain()
        case .stop: self.reactor.stop()
        }
    }

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
        for desk in self.desks { tally.requestsRefused.add(desk.requestsRefused) }
        var route = census.tally(of: self.route)
        route.sessionsMax = self.shared.route.limits.connectionsMax.value
        tally.routes = [route]
        return tally
    }

    private func stopAccepting() {
        for listener in self.listeners { listener.close() }
        self.listeners = []
        self.shared.reports.post(.stoppedAccepting(worker: self.index))
    }

    private func drain() {
        guard !self.isDraining else { return }
        self.isDraining = true
        self.route.drain()
        self.reactor.forEachDelegate { delegate in
            (delegate as? any DrainableSession)?.drain()
            (delegate as? HTTPConnection)?.drain()
            (delegate as? TLSStream)?.drain()
            (delegate as? ProxyProtocolAcceptor)?.drain()
        }
        self.reportWhenDrained()
    }

    /// Tells the control loop once no client is left.
    private func reportWhenDrained() {
        var isBusy = self.routeLog.openSessions > 0
        self.reactor.forEachDelegate { _ in isBusy = true }
        if isBusy {
            let check = DrainCheck { self.reportWhenDrained() }
            _ = self.reactor.startTimer(check, at: self.reactor.now &+ Self.drainCheck)
        } else {
            self.shared.reports.post(.drained(worker: self.index))
        }
    }

    /// Nanoseconds between two looks at whether the last session has gone.
    private static let drainCheck: UInt64 = 10_000_000
}

private final class DrainCheck: TimerClient {
    private let look: () -> Void

    init(_ look: @escaping () -> Void) { self.look = look }

    func timerFired() { self.look() }
}
