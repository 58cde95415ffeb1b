internal import Bridge
internal import Telemetry

/// A worker's sessions of one route, as the log and the limits see them.
final class RouteLog: SessionLog {
    private let log: Log
    private let ledger: RouteLedger
    /// Sessions of this worker that have not ended.
    private(set) var openSessions = 0

    init(_ log: Log, ledger: RouteLedger) {
        self.log = log
        self.ledger = ledger
    }

    func isEnabled(_ level: LogLevel) -> Bool { self.log.isEnabled(level) }

    func write(_ level: LogLevel, _ message: String, _ fields: [LogField]) {
        self.log.write(level, message, fields)
    }

    func sessionBegan() { self.openSessions += 1 }

    func sessionEnded(_ identity: SessionIdentity) {
        self.openSessions -= 1
        self.ledger.release(identity.client)
    }
}
