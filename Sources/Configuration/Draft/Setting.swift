/// One option as somebody wrote it.
package struct Setting: Sendable, Equatable {
    package let option: OptionName
    /// The value as written; a switch has `true` or `false`.
    package let value: String
    package let source: Source

    /// Where it was written, for the diagnostics.
    package enum Source: Sendable, Equatable {
        case commandLine
        case file(line: Int, column: Int)
    }

    package init(_ option: OptionName, _ value: String, source: Source = .commandLine) {
        self.option = option
        self.value = value
        self.source = source
    }
}
