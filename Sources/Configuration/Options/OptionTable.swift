/// The table of options: the one source of `--help`, docs/options.md and shell completions.
package enum OptionTable {
    /// In the order in which they are explained.
    package static let rows =
        Self.serving + Self.program + Self.privileges + Self.upstream + Self.files + Self.messages + Self.access
        + Self.limits + Self.transport + Self.logging

    private static let byName = Dictionary(uniqueKeysWithValues: Self.rows.map { ($0.name, $0) })

    package static func rows(of section: OptionSection) -> [OptionRow] {
        self.rows.filter { $0.section == section }
    }

    /// A test holds that every name has exactly one row.
    package static func row(_ name: OptionName) -> OptionRow {
        guard let row = self.byName[name] else { preconditionFailure("option \(name.rawValue) has no row") }
        return row
    }
}
