internal import SystemCalls
internal import Telemetry

/// What every thread logs through: level and form are settled, the time is read here.
struct Log: Sendable {
    let level: LogLevel
    let formatter: LogFormatter
    let writer: LogWriter

    func isEnabled(_ level: LogLevel) -> Bool { level >= self.level }

    func write(_ level: LogLevel, _ message: String, _ fields: [LogField] = []) {
        guard self.isEnabled(level) else { return }
        self.writeAlways(level, message, fields)
    }

    /// What a person needs to see whatever level they asked for: where the server is.
    func writeAlways(_ level: LogLevel, _ message: String, _ fields: [LogField]) {
        let now = Clock.wall
        let time = Timestamp(seconds: Int64(now / 1_000_000_000), nanoseconds: UInt32(now % 1_000_000_000))
        self.writer.write(self.formatter.line(LogRecord(time: time, level: level, message: message, fields: fields)))
    }
}
