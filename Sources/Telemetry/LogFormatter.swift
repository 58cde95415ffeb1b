/// Turns records into lines of bytes; each ends in a line feed and contains no other.
package struct LogFormatter: Hashable, Sendable {
    package let format: LogFormat
    /// Colours for a terminal; has no effect on JSON.
    package let usesColor: Bool
    /// `<6>` in front of each line, for the journal (sd-daemon(3)).
    package let hasPriority: Bool

    package init(format: LogFormat, usesColor: Bool = false, hasPriority: Bool = false) {
        self.format = format
        self.usesColor = usesColor
        self.hasPriority = hasPriority
    }

    package func append(_ record: LogRecord, to output: inout [UInt8]) {
        if self.hasPriority { output.append(contentsOf: "<\(record.level.journalPriority)>".utf8) }
        switch self.format {
        case .text: self.appendText(record, to: &output)
        case .json: self.appendJSON(record, to: &output)
        }
        output.append(UInt8(ascii: "\n"))
    }

    package func line(_ record: LogRecord) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        self.append(record, to: &line)
        return line
    }
}
