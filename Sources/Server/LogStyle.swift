internal import Synchronization
internal import SystemCalls
internal import Telemetry

/// Level and form of the log: a reload may change them for everybody.
final class LogStyle: Sendable {
    private let leastSevere: Atomic<Int>
    private let form: Lock<LogFormatter>

    init(_ level: LogLevel, _ formatter: LogFormatter) {
        self.leastSevere = Atomic(Self.rank(level))
        self.form = Lock(formatter)
    }

    /// Asked by every thread, often.
    func isEnabled(_ level: LogLevel) -> Bool { Self.rank(level) <= self.leastSevere.load(ordering: .relaxed) }

    var formatter: LogFormatter { self.form.withLock { $0 } }

    func change(_ level: LogLevel, _ formatter: LogFormatter) {
        self.leastSevere.store(Self.rank(level), ordering: .relaxed)
        self.form.withLock { $0 = formatter }
    }

    private static func rank(_ level: LogLevel) -> Int {
        switch level {
        case .error: 0
        case .warning: 1
        case .info: 2
        case .debug: 3
        }
    }
}
