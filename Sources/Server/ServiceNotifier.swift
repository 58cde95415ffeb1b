internal import Configuration
internal import SystemCalls
internal import Telemetry

/// Tells the service manager how the server is doing (sd_notify(3)); where there is none it tells nobody.
///
///     READY=1 ─▶ STATUS=… WATCHDOG=1 ─▶ RELOADING=1 ─▶ READY=1 ─▶ … ─▶ STOPPING=1, or MAINPID= of a successor
final class ServiceNotifier {
    /// What the status begins with.
    private enum Stage: String {
        case starting = "Starting"
        case serving = "Serving"
        case stopping = "Stopping"
    }

    private let socket: NotifySocket?
    /// Nanoseconds after which the manager takes us for stuck; nil: it does not ask.
    private let watchdog: UInt64?
    private var stage = Stage.starting
    /// What went wrong with the last reload or upgrade, until one goes well.
    private var trouble: String?
    private var status = ""
    private var isSuperseded = false

    /// Nanoseconds between two looks without a watchdog: a status that is a few seconds old is good enough.
    private static let lookInterval: UInt64 = 10_000_000_000
    /// A watchdog below this would be fed late by a busy machine, whatever the workers do.
    private static let lookIntervalMin: UInt64 = 100_000_000
    /// What must arrive may wait for the manager; what is said again soon may not.
    private static let patienceMilliseconds = 1000

    init() {
        self.socket = ProcessEnvironment.value(of: "NOTIFY_SOCKET").flatMap { NotifySocket($0) }
        let isForUs = Self.number("WATCHDOG_PID").map { $0 == UInt64(ProcessTable.ownPID) } ?? true
        let microseconds = isForUs ? Self.number("WATCHDOG_USEC") : nil
        self.watchdog = microseconds.flatMap { $0 > 0 && $0 < UInt64.max / 1000 ? $0 * 1000 : nil }
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessEnvironment.value(of: name).flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
    }

    var isListening: Bool { self.socket != nil }

    /// Nanoseconds between two calls of `report`: three in the time of the watchdog, so that one may be late.
    var interval: UInt64 {
        guard let watchdog else { return Self.lookInterval }
        return max(Self.lookIntervalMin, min(Self.lookInterval, watchdog / 3))
    }

    /// All workers have answered: connections are served.
    func ready(_ count: ServerCount) {
        self.stage = .serving
        self.status = self.text(count)
        self.send(["READY=1", "STATUS=\(self.status)"])
    }

    /// `now` by CLOCK_MONOTONIC.
    func reloading(now: UInt64) {
        self.send(["RELOADING=1", "MONOTONIC_USEC=\(now / 1000)", "STATUS=Reloading"])
    }

    /// A reload is over, well or with the old plan in place.
    func reloaded(trouble: String?) {
        self.trouble = trouble.map { "Not reloaded: \($0). " }
        self.send(["READY=1", "STATUS=\(self.trouble ?? "")\(self.status)"])
    }

    func notUpgraded(_ reason: String) {
        self.trouble = "Not upgraded: \(reason). "
        self.send(["STATUS=\(self.trouble ?? "")\(self.status)"])
    }

    func stopping() {
        self.stage = .stopping
        self.send(["STOPPING=1", "STATUS=Stopping"])
    }

    /// From now on the service is another process, and says so itself.
    func handOver(to successor: ProcessID) {
        self.send(["MAINPID=\(successor)"])
        self.isSuperseded = true
    }

    /// What the workers said. Only where all of them have is there a sign of life.
    func report(_ count: ServerCount) {
        var lines: [String] = []
        let status = self.text(count)
        if status != self.status { lines.append("STATUS=\(self.trouble ?? "")\(status)") }
        self.status = status
        if self.watchdog != nil, count.silentWorkers.isEmpty { lines.append("WATCHDOG=1") }
        if !lines.isEmpty { self.send(lines, waits: false) }
    }

    private func send(_ lines: [String], waits: Bool = true) {
        guard let socket, !self.isSuperseded else { return }
        let text = lines.map { "\($0.controlsEscaped)\n" }.joined()
        // Nobody is left to tell when the manager cannot be told.
        try? socket.send(text, milliseconds: waits ? Self.patienceMilliseconds : 0)
    }

    private func text(_ count: ServerCount) -> String {
        let routes = count.routes
        let sessions = routes.reduce(0) { $0 &+ $1.sessionsOpen }
        let programs = routes.reduce(0) { $0 &+ $1.children.running }
        let connections = count.workers.reduce(0) { $0 + ($1.tally?.connectionsOpen ?? 0) }
        let silent = count.silentWorkers
        let stuck = silent.isEmpty ? "" : "; no answer from worker \(silent.map(String.init).joined(separator: ", "))"
        return "\(self.stage.rawValue): \(sessions) sessions, \(programs) programs, \(connections) connections\(stuck)"
    }
}
