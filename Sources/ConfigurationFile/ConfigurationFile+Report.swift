package import Configuration

// How a diagnostic is shown:
//
//     wsbridge.toml:12:16: error: idle_timeout 30: has no unit
//        12 | idle_timeout = "30"
//           |                ^
//        = write 30s for seconds or 30ms for milliseconds, or unlimited
extension ConfigurationFile {
    /// Columns of a line that are shown, at most: what is longer is cut off on the right.
    private static let columnsMax = 160

    /// Everything, for people.
    package func report(_ diagnostics: [Diagnostic]) -> String {
        let lines = self.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return diagnostics.map { self.report($0, lines) }.joined(separator: "\n")
    }

    /// One diagnostic on one line, for the log.
    package func line(_ diagnostic: Diagnostic) -> String {
        "\(self.place(diagnostic))\(diagnostic.what); \(diagnostic.wayOut)"
    }

    private func place(_ diagnostic: Diagnostic) -> String {
        switch diagnostic.source {
        case .commandLine: ""
        case .file(let line, let column): "\(self.name):\(line):\(column): "
        }
    }

    private func report(_ diagnostic: Diagnostic, _ lines: [ArraySlice<UInt8>]) -> String {
        switch diagnostic.source {
        case .commandLine:
            return diagnostic.description
        case .file(let line, let column):
            let head = "\(self.place(diagnostic))\(diagnostic.severity.rawValue): \(diagnostic.what)"
            let source = line <= lines.count ? String(decoding: lines[line - 1].dropLineEnd, as: UTF8.self) : ""
            let shown = source.unicodeScalars.prefix(Self.columnsMax)
            // Tabs stay tabs, so that the caret stands below its letter wherever they lead.
            let indent = shown.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
            let number = "\(line)"
            let margin = String(repeating: " ", count: max(0, 5 - number.count))
            var report = [head, "\(margin)\(number) | \(Self.printable(shown))"]
            if column <= Self.columnsMax { report.append("      | \(indent)^") }
            report.append("      = \(diagnostic.wayOut)")
            return report.joined(separator: "\n")
        }
    }

    private static func printable(_ text: Substring.UnicodeScalarView) -> String {
        text.reduce(into: "") { result, scalar in
            let isControl = scalar.value < 0x20 && scalar != "\t" || (0x7F...0x9F).contains(scalar.value)
            result.unicodeScalars.append(isControl ? " " : scalar)
        }
    }
}

extension ArraySlice<UInt8> {
    /// Files from elsewhere end their lines with CR LF.
    fileprivate var dropLineEnd: ArraySlice<UInt8> { self.last == UInt8(ascii: "\r") ? self.dropLast() : self }
}
