internal import Configuration
internal import Dialing
internal import Processes
internal import Reactor
internal import SystemCalls
internal import Telemetry

/// What a worker tells the control loop.
enum WorkerReport: Sendable {
    /// A child was reaped; what it left behind is to be found and ended.
    case bury(ProcessID, DescentMark)
    /// It serves by the generation it was last told of, and has left the listeners of the one before.
    case adopted(worker: Int)
    /// For the checks of servers.
    case nameResolved(NameDelivery)
    case stoppedAccepting(worker: Int)
    case drained(worker: Int)
    /// The answer to `count`.
    case counted(worker: Int, WorkerTally)
    /// It could not start: the server cannot do what was asked.
    case failed(worker: Int)
}

/// Everything that more than one thread uses: it is settled before the first worker starts, or safe by itself.
final class Shared: Sendable {
    let log: Log
    let spawner: Spawner
    let resolver = Resolver()
    let gauges: [LoadGauge]
    let mailboxes: [Mailbox<WorkerOrder>]
    let reports: Mailbox<WorkerReport>

    init(log: Log, spawner: Spawner, workers: Int) throws(Errno) {
        self.log = log
        self.spawner = spawner
        self.gauges = (0..<workers).map { _ in LoadGauge() }
        var mailboxes: [Mailbox<WorkerOrder>] = []
        for _ in 0..<workers { mailboxes.append(try Mailbox()) }
        self.mailboxes = mailboxes
        self.reports = try Mailbox()
    }

    var bury: @Sendable (ProcessID, DescentMark) -> Void {
        { [reports] pid, mark in reports.post(.bury(pid, mark)) }
    }
}
