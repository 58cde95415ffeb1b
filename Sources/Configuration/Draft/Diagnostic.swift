/// One thing that is wrong, or doubtful, with what was written: which option, what about it, and the way out.
package struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    package enum Severity: String, Sendable {
        case error
        case warning
    }

    package let severity: Severity
    /// Nil when no setting is to blame: one is missing.
    package let subject: SettingName?
    package let value: String?
    package let source: Setting.Source
    /// As the command line spells options; see `what` and `wayOut`.
    package let problem: String
    package let remedy: String

    package init(
        severity: Severity, subject: SettingName?, value: String?, source: Setting.Source, problem: String,
        remedy: String
    ) {
        self.severity = severity
        self.subject = subject
        self.value = value
        self.source = source
        self.problem = problem
        self.remedy = remedy
    }

    /// `--idle-timeout 30: has no unit`
    package var what: String {
        let value = self.value.map { " \(Self.quoted($0))" } ?? ""
        let subject = self.subject.map { "\($0.spelling(in: self.source))\(value): " } ?? ""
        return (subject + self.spelt(self.problem)).controlsEscaped
    }

    /// `write 30s for seconds or 30ms for milliseconds`
    package var wayOut: String { self.spelt(self.remedy).controlsEscaped }

    /// `error: --idle-timeout 30: has no unit; write 30s for seconds or 30ms for milliseconds`
    package var description: String {
        let place =
            switch self.source {
            case .commandLine: ""
            case .file(let line, let column): "\(line):\(column): "
            }
        return "\(self.severity.rawValue): \(place)\(self.what); \(self.wayOut)"
    }

    private func spelt(_ text: String) -> String {
        switch self.source {
        case .commandLine: text
        case .file: OptionName.speltAsKeys(text)
        }
    }

    /// A value with blanks is quoted, lest it run into the text.
    private static func quoted(_ text: String) -> String {
        text.isEmpty || text.contains(" ") ? "\"\(text)\"" : text
    }
}

/// Everything that is wrong, at once: nobody should mend a configuration one message at a time.
package struct Diagnostics: Error, Equatable {
    package let entries: [Diagnostic]

    package init(entries: [Diagnostic]) { self.entries = entries }

    /// Each thing once, in the order of the file; what the command line is to blame for comes first, as it came.
    init(sorting entries: [Diagnostic]) {
        var seen: Set<Diagnostic> = []
        let once = entries.filter { seen.insert($0).inserted }
        let order = once.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
        self.entries = order.map(\.element)
    }
}

extension Diagnostic {
    fileprivate var place: Place {
        switch self.source {
        case .commandLine: Place(line: 0, column: 0)
        case .file(let line, let column): Place(line: line, column: column)
        }
    }

    fileprivate struct Place: Comparable {
        let line: Int
        let column: Int

        static func < (left: Self, right: Self) -> Bool { (left.line, left.column) < (right.line, right.column) }
    }
}
