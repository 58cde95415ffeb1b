/// How much a record matters, the most important first.
package enum LogLevel: String, CaseIterable, Hashable, Sendable {
    case error, warning, info, debug
}

extension LogLevel {
    /// As syslog(3) counts.
    var journalPriority: Int {
        switch self {
        case .error: 3
        case .warning: 4
        case .info: 6
        case .debug: 7
        }
    }
}

extension LogLevel: Comparable {
    /// Whether `one` matters less than `other`: `debug < info < warning < error`.
    package static func < (one: LogLevel, other: LogLevel) -> Bool { one.severity < other.severity }

    private var severity: Int {
        switch self {
        case .error: 3
        case .warning: 2
        case .info: 1
        case .debug: 0
        }
    }
}
