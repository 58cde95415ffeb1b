internal import Configuration
internal import SystemCalls
internal import Telemetry

/// What every thread logs through: the time is read here.
struct Log: Sendable {
    private let style: LogStyle
    let writer: LogWriter

    init(_ plan: LogPlan, writer: LogWriter) {
        self.style = LogStyle(Telemetry.LogLevel(plan.level), LogFormatter(plan.format))
        self.writer = writer
    }

    /// For everybody who has it, from now on.
    func change(_ plan: LogPlan) {
        self.style.change(Telemetry.LogLevel(plan.level), LogFormatter(plan.format))
    }

    func isEnabled(_ level: Telemetry.LogLevel) -> Bool { self.style.isEnabled(level) }

    func write(_ level: Telemetry.LogLevel, _ message: String, _ fields: [LogField] = []) {
        guard self.isEnabled(level) else { return }
        self.writeAlways(level, message, fields)
    }

    /// What a person needs to see whatever level they asked for: where the server is.
    func writeAlways(_ level: Telemetry.LogLevel, _ message: String, _ fields: [LogField]) {
        let now = Clock.wall
        let time = Timestamp(seconds: Int64(now / 1_000_000_000), nanoseconds: UInt32(now % 1_000_000_000))
        let record = LogRecord(time: time, level: level, message: message, fields: fields)
        self.writer.write(self.style.formatter.line(record))
    }
}

extension LogFormatter {
    /// As standard error and the environment have it.
    fileprivate init(_ format: Configuration.LogFormat) {
        let wantsColor = (ProcessEnvironment.value(of: "NO_COLOR") ?? []).isEmpty
        self.init(
            format, isTerminal: StandardError.isTerminal, wantsColor: wantsColor, isJournal: StandardError.isJournal)
    }
}
