extension OptionTable {
    /// docs/options.md, but for its last line end; a test compares the file with this.
    package static var markdown: String {
        var text = """
            # Options

            Made by `wsbridge option-reference` from the table in `Sources/Configuration/Options`.

            In a file (`--config`, [configuration.md](configuration.md)) an option is a key of the same name
            with `_` for `-`, and `--cmd` is `command`. Where it stands: *top*, before the first table; *route*,
            in a `[[route]]`, or in `[defaults]` for all routes; `[[route]]`, there alone. Strings are quoted;
            plain numbers and switches (`true`, `false`) are not. What may be repeated is a list, and `env` and
            `rlimit` may be tables.

            Sizes are written `100`, `64KiB`, `1MiB`; times `250ms`, `30s`, `5m`, `1h`; rates `100/s`.
            Zero never means without limit: `unlimited` does, where the table allows it. Lists are comma
            separated.
            """
        for section in OptionSection.allCases {
            text += "\n\n## \(section.rawValue)\n\n| option | in the file | value | default | |\n|---|---|---|---|---|"
            for row in Self.rows(of: section) { text += "\n" + row.markdown }
        }
        text += "\n\n## Only in the file\n\n| key | in | value | |\n|---|---|---|---|"
        for key in FileKey.allCases {
            let (table, syntax, help) = key.help
            text += "\n| `\(key.rawValue)` | \(table) | `\(OptionRow.escaped(syntax))` | \(OptionRow.escaped(help)) |"
        }
        return text
    }
}

extension OptionRow {
    fileprivate var markdown: String {
        let syntax = self.syntax.map { "`\(Self.escaped($0))`" } ?? "(switch)"
        let help = self.help + (self.repeats ? " Repeatable." : "")
        let standard = self.standard.map(Self.escaped) ?? ""
        return "| `\(self.name.flag)` | \(self.place) | \(syntax) | \(standard) | \(Self.escaped(help)) |"
    }

    private var place: String {
        switch self.scope {
        case .commandLine: ""
        case .server: "`\(self.name.key)`, top"
        case .route: "`\(self.name.key)`, route"
        case .handler: "`\(self.name.key)`, `[[route]]`"
        }
    }

    /// A bar would end the cell.
    fileprivate static func escaped(_ text: String) -> String {
        text.reduce(into: "") { $0 += $1 == "|" ? "\\|" : String($1) }
    }
}
