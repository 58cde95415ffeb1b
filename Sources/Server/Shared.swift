internal import Configuration
internal import Processes
internal import Reactor
internal import SystemCalls
internal import TLSEngine
internal import Telemetry

/// What a worker tells the control loop.
enum WorkerReport: Sendable {
    /// A child was reaped; what it left behind is to be found and ended.
    case bury(ProcessID, UniqueID)
    case stoppedAccepting(worker: Int)
    case drained(worker: Int)
    /// The answer to `count`.
    case counted(worker: Int, WorkerTally)
    /// It could not start: the server cannot do what was asked.
    case failed(worker: Int)
}

/// A bound address as the workers see it.
struct Entrance: Sendable {
    let address: SocketAddress
    let isLoopback: Bool
    let servesConsole: Bool
    /// One a worker, or one for all.
    let listeners: [Int32]

    /// A descriptor of the worker's own.
    func listener(ofWorker index: Int) -> Descriptor? {
        if index < self.listeners.count { return Descriptor(owning: self.listeners[index]) }
        return self.listeners.first.flatMap { Descriptor(duplicating: $0) }
    }
}

/// What lies between sockets and HTTP.
struct SharedTransport: Sendable {
    let contexts: ServerContexts?
    let asksForCertificate: Bool
    let requiresProxyHeader: Bool

    init(_ plan: TransportPlan, _ keeper: TLSKeeper?) {
        self.contexts = keeper?.contexts
        self.asksForCertificate = keeper?.asksForCertificate ?? false
        self.requiresProxyHeader = plan.proxyHeader == .required
    }
}

/// Everything that more than one thread uses: it is settled before the first worker starts, or safe by itself.
final class Shared: Sendable {
    let route: RoutePlan
    /// What workers begin with.
    let transport: SharedTransport
    let entrances: [Entrance]
    let childSettings: ChildSettings
    let ledger: RouteLedger
    let log: Log
    let spawner: Spawner
    let gauges: [LoadGauge]
    let mailboxes: [Mailbox<WorkerOrder>]
    let reports: Mailbox<WorkerReport>
    /// Bytes that one worker's sessions may have waiting.
    let poolBytesMax: Int
    /// Bytes that one read may lead to: a window, and a message that begins in it.
    let poolReserve: Int

    init(
        plan: Plan, route: RoutePlan, entrances: [Entrance], childSettings: ChildSettings, log: Log,
        spawner: Spawner, workers: Int, transport: SharedTransport
    ) throws(Errno) {
        self.route = route
        self.transport = transport
        self.entrances = entrances
        self.childSettings = childSettings
        self.ledger = RouteLedger(route.limits)
        self.log = log
        self.spawner = spawner
        self.gauges = (0..<workers).map { _ in LoadGauge() }
        var mailboxes: [Mailbox<WorkerOrder>] = []
        for _ in 0..<workers { mailboxes.append(try Mailbox()) }
        self.mailboxes = mailboxes
        self.reports = try Mailbox()
        let memory = MemorySum(route, workers: workers)
        self.poolBytesMax = memory.poolBytesMax
        self.poolReserve = memory.reserve
    }

    var bury: @Sendable (ProcessID, UniqueID) -> Void {
        { [reports] pid, id in reports.post(.bury(pid, id)) }
    }
}
