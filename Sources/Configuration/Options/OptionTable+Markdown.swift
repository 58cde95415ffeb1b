extension OptionTable {
    /// docs/options.md, but for its last line end; a test compares the file with this.
    package static var markdown: String {
        var text = """
            # Options

            Made by `wsbridge option-reference` from the table in `Sources/Configuration/Options`.

            Sizes are written `100`, `64KiB`, `1MiB`; times `250ms`, `30s`, `5m`, `1h`; rates `100/s`.
            Zero never means without limit: `unlimited` does, where the table allows it. Lists are comma
            separated.
            """
        for section in OptionSection.allCases {
            text += "\n\n## \(section.rawValue)\n\n| option | value | default | |\n|---|---|---|---|"
            for row in Self.rows(of: section) { text += "\n" + row.markdown }
        }
        return text
    }
}

extension OptionRow {
    fileprivate var markdown: String {
        let syntax = self.syntax.map { "`\(Self.escaped($0))`" } ?? "(switch)"
        let help = self.help + (self.repeats ? " Repeatable." : "")
        let standard = self.standard.map(Self.escaped) ?? ""
        return "| `\(self.name.flag)` | \(syntax) | \(standard) | \(Self.escaped(help)) |"
    }

    /// A bar would end the cell.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { $0 += $1 == "|" ? "\\|" : String($1) }
    }
}
