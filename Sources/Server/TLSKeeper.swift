internal import Configuration
internal import IOCore
internal import Reactor
internal import SystemCalls
internal import TLSEngine
internal import Telemetry

/// Keeps certificates and ticket keys: reads files at start, on SIGHUP and when one changes, and changes the keys from
/// time to time. It belongs to the control loop; workers take what is in `certificates`.
final class TLSKeeper {
    /// Nanoseconds between two looks at the files. A change is taken when two looks agree, so that certificate and key
    /// are both there.
    private static let lookInterval: UInt64 = 2_000_000_000
    /// Nanoseconds for which tickets are made with one key; OpenSSL takes them for two hours, the keys for three.
    private static let rotationInterval: UInt64 = 3_600_000_000_000

    let plan: TLSPlan
    private let tickets: TicketKeys
    let certificates: LiveCertificates
    /// Of the files that were last read, whatever came of it.
    private var known: [FileStamp?]
    private var seen: [FileStamp?]
    private var rotatesAt: UInt64
    /// True once another keeper has taken its place.
    private var isRetired = false

    /// Throws when there is nothing to serve with.
    init(_ plan: TLSPlan) throws(ServerFailure) {
        guard let tickets = TicketKeys(Self.drawKey()) else { throw .tls([TLSDiagnostic.outOfMemory.description]) }
        self.plan = plan
        self.tickets = tickets
        self.known = Self.stamps(plan)
        self.seen = self.known
        self.rotatesAt = Clock.monotonic &+ Self.rotationInterval
        let material = TLSMaterial(plan, tickets: tickets, now: Self.now)
        guard let contexts = material.contexts else {
            throw .tls(material.diagnostics.filter(\.isError).map(\.description))
        }
        self.certificates = LiveCertificates(contexts)
    }

    /// Looks at the files no more.
    func retire() { self.isRetired = true }

    var asksForCertificate: Bool { self.plan.clientAuthorities != nil }

    /// Begins to look. What is doubtful was told when the plan was checked.
    func start(_ reactor: Reactor, log: Log) {
        log.writeAlways(.info, "TLS certificate", self.fields)
        Look(self, reactor, log).start()
    }

    /// Reads the files again: new connections get what is there now. `tellsDoubts`: nobody else looks at them.
    func reload(_ log: Log, tellsDoubts: Bool = true) {
        self.known = Self.stamps(self.plan)
        self.seen = self.known
        // Nobody has changed a certificate that was made at start, and clients may have come to trust it.
        guard case .files = self.plan.certificates else { return }
        let material = TLSMaterial(self.plan, tickets: self.tickets, now: Self.now)
        for diagnostic in material.diagnostics where diagnostic.isError || tellsDoubts {
            log.write(
                diagnostic.isError ? .error : .warning,
                diagnostic.isError ? "certificates not reloaded; the old ones stay in use" : "certificate is doubtful",
                [LogField("reason", .string(diagnostic.description))])
        }
        guard let contexts = material.contexts else { return }
        self.certificates.replace(by: contexts)
        log.write(.info, "certificates reloaded", self.fields)
    }

    fileprivate func look(now: UInt64, _ log: Log) {
        if now >= self.rotatesAt {
            self.rotatesAt = now &+ Self.rotationInterval
            self.tickets.rotate(Self.drawKey())
        }
        let stamps = Self.stamps(self.plan)
        defer { self.seen = stamps }
        if stamps != self.known, stamps == self.seen { self.reload(log) }
    }

    private var fields: [LogField] {
        let contexts = self.certificates.contexts
        return [
            LogField("names", .string(contexts.names.joined(separator: " "))),
            LogField("sha256", .string(contexts.fingerprint.description)),
        ]
    }

    static var now: Int64 { Int64(clamping: Clock.wall / 1_000_000_000) }

    private static func stamps(_ plan: TLSPlan) -> [FileStamp?] { plan.files.map { FileStamp($0) } }

    private static func drawKey() -> [UInt8] {
        var random = RandomWords()
        return (0..<TicketKeys.keyBytes / 8).flatMap { _ in
            let word = random.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
    }

    /// The timer behind `start`.
    private final class Look: TimerClient {
        private let keeper: TLSKeeper
        private let reactor: Reactor
        private let log: Log

        init(_ keeper: TLSKeeper, _ reactor: Reactor, _ log: Log) {
            self.keeper = keeper
            self.reactor = reactor
            self.log = log
        }

        func start() { _ = self.reactor.startTimer(self, at: self.reactor.now &+ TLSKeeper.lookInterval) }

        func timerFired() {
            guard !self.keeper.isRetired else { return }
            self.keeper.look(now: self.reactor.now, self.log)
            self.start()
        }
    }
}
