/// One thing that is wrong, or doubtful, with what was written: which option, what about it, and the way out.
package struct Diagnostic: Sendable, Equatable, CustomStringConvertible {
    package enum Severity: String, Sendable {
        case error
        case warning
    }

    package let severity: Severity
    /// Nil when no option is to blame: one is missing.
    package let option: OptionName?
    package let value: String?
    package let source: Setting.Source
    package let problem: String
    package let remedy: String

    /// `--idle-timeout 30: has no unit; write 30s for seconds or 30ms for milliseconds`
    package var description: String {
        let value = self.value.map { " \(Self.quoted($0))" } ?? ""
        let subject =
            switch self.source {
            case .commandLine: self.option.map { "\($0.flag)\(value): " } ?? ""
            case .file(let line, let column):
                "\(line):\(column): \(self.option.map { "\($0.key)\(value): " } ?? "")"
            }
        return "\(self.severity.rawValue): \(subject)\(self.problem); \(self.remedy)".controlsEscaped
    }

    /// A value with blanks is quoted, lest it run into the text.
    private static func quoted(_ text: String) -> String {
        text.isEmpty || text.contains(" ") ? "\"\(text)\"" : text
    }
}

/// Everything that is wrong, at once: nobody should mend a configuration one message at a time.
package struct Diagnostics: Error, Equatable {
    package let entries: [Diagnostic]
}
