/// One thing that happened.
package struct LogRecord: Hashable, Sendable {
    package let time: Timestamp
    package let level: LogLevel
    /// A fixed phrase such as `session opened`; what varies goes into `fields`.
    package let message: String
    /// In the order of the line. Keys are ours, never a peer's: `[a-z_]`, and not `time`, `level` or
    /// `message`.
    package let fields: [LogField]

    package init(time: Timestamp, level: LogLevel, message: String, fields: [LogField] = []) {
        self.time = time
        self.level = level
        self.message = message
        self.fields = fields
    }
}

/// A name and a value at the end of a record.
package struct LogField: Hashable, Sendable {
    package let key: String
    package let value: LogValue

    package init(_ key: String, _ value: LogValue) {
        self.key = key
        self.value = value
    }
}

/// What a field can hold.
package enum LogValue: Hashable, Sendable {
    case string(String)
    /// Text that somebody else chose and that need not be UTF-8, such as a line of a child's stderr.
    case bytes([UInt8])
    case integer(Int64)
    /// Shown with three decimals. The key ends in `_ms`.
    case milliseconds(Double)
    case boolean(Bool)
    case id(HexID)
}
