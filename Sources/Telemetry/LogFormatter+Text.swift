extension LogFormatter {
    /// `2026-11-22T19:11:38.123Z info  session opened route=/ client="a b"`
    func appendText(_ record: LogRecord, to output: inout [UInt8]) {
        self.appendStyled(.dim, to: &output) { record.time.append(to: &$0) }
        output.append(UInt8(ascii: " "))
        self.appendStyled(Style(record.level), to: &output) { $0.append(contentsOf: record.level.label.utf8) }
        // Padded outside of the colour, so that levels line up in both.
        for _ in record.level.label.utf8.count..<6 { output.append(UInt8(ascii: " ")) }
        LogEscape.text.append(record.message, to: &output)
        for field in record.fields {
            output.append(UInt8(ascii: " "))
            self.appendStyled(.dim, to: &output) { $0.append(contentsOf: field.key.utf8) }
            output.append(UInt8(ascii: "="))
            Self.appendTextValue(field.value, to: &output)
        }
    }

    private static func appendTextValue(_ value: LogValue, to output: inout [UInt8]) {
        switch value {
        case .string(let text):
            Self.appendQuotedIfNeeded(text.utf8, to: &output) { LogEscape.text.append(text, to: &$0) }
        case .bytes(let bytes):
            Self.appendQuotedIfNeeded(bytes, to: &output) { LogEscape.text.append(bytes, to: &$0) }
        case .integer(let number): output.appendDecimal(number)
        case .milliseconds(let number): output.appendThousandths(number)
        case .boolean(let flag): output.append(contentsOf: flag ? "true".utf8 : "false".utf8)
        case .id(let id): id.append(to: &output)
        }
    }

    /// In quotes when bare text could be taken for the end of the value or for another field.
    private static func appendQuotedIfNeeded(
        _ bytes: some Collection<UInt8>, to output: inout [UInt8], _ body: (inout [UInt8]) -> Void
    ) {
        let isBare =
            !bytes.isEmpty
            && bytes.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=")
                    && $0 != UInt8(ascii: "\\")
            }
        if !isBare { output.append(UInt8(ascii: "\"")) }
        body(&output)
        if !isBare { output.append(UInt8(ascii: "\"")) }
    }

    private func appendStyled(_ style: Style, to output: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        guard self.usesColor else { return body(&output) }
        output.append(contentsOf: style.rawValue.utf8)
        body(&output)
        output.append(contentsOf: Style.reset.rawValue.utf8)
    }
}

/// The terminal sequences (ECMA-48, SGR) that a line may contain.
private enum Style: String {
    case reset = "\u{1B}[0m"
    case dim = "\u{1B}[2m"
    case red = "\u{1B}[31m"
    case green = "\u{1B}[32m"
    case yellow = "\u{1B}[33m"

    init(_ level: LogLevel) {
        switch level {
        case .error: self = .red
        case .warning: self = .yellow
        case .info: self = .green
        case .debug: self = .dim
        }
    }
}

extension LogLevel {
    /// At most five letters, so that messages begin in one column.
    fileprivate var label: String {
        switch self {
        case .error: "error"
        case .warning: "warn"
        case .info: "info"
        case .debug: "debug"
        }
    }
}
