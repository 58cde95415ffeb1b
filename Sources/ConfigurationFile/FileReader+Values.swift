internal import Configuration

// A value of the file, written as the command line would have it, so that both are read in the same way.
extension FileReader {
    mutating func settings(_ name: SettingName, _ entry: TOMLEntry) -> [Setting] {
        let form = ValueForm(name)
        switch (entry.value.content, form) {
        case (.array(let elements), .list):
            return elements.compactMap { self.setting(name, $0, entry) }
        case (.table(let entries), .list(takesTable: true)):
            return entries.compactMap { variable in
                self.text(variable.value, form, variable.key).map { text in
                    Setting(name, "\(variable.key)=\(text)", source: variable.value.source)
                }
            }
        case (_, _):
            return [self.setting(name, entry.value, entry)].compactMap(\.self)
        }
    }

    private mutating func setting(_ name: SettingName, _ value: TOMLValue, _ entry: TOMLEntry) -> Setting? {
        self.text(value, ValueForm(name), entry.key).map { Setting(name, $0, source: value.source) }
    }

    private mutating func text(_ value: TOMLValue, _ form: ValueForm, _ key: String) -> String? {
        switch (value.content, form) {
        case (.boolean(let isOn), .truth): return isOn ? "true" : "false"
        case (.string(let text), .text), (.string(let text), .quantity), (.string(let text), .list): return text
        case (.integer(let number), .quantity), (.integer(let number), .list(takesTable: true)): return "\(number)"
        case (_, _):
            self.report(value.source, key, "must be \(form.name) and not \(value.kind)", remedy: form.remedy)
            return nil
        }
    }
}

/// What kind of TOML value an option takes.
private enum ValueForm: Equatable {
    case truth
    /// A string, written like this.
    case text(syntax: String)
    /// A number, or a string that begins with one.
    case quantity
    /// One string or several; with `takesTable`, names and their values.
    case list(takesTable: Bool)

    init(_ name: SettingName) {
        switch name {
        case .key(.host): self = .list(takesTable: false)
        case .key(let key): self = .text(syntax: key.help.syntax)
        case .option(let option):
            let row = OptionTable.row(option)
            let syntax = row.syntax ?? ""
            let isQuantity = syntax.split(separator: "|").contains {
                ["N", "SIZE", "TIME", "USER", "GROUP"].contains($0)
            }
            if row.isSwitch {
                self = .truth
            } else if row.repeats {
                self = .list(takesTable: row.syntax == "NAME=VALUE")
            } else {
                self = isQuantity ? .quantity : .text(syntax: syntax)
            }
        }
    }

    var name: String {
        switch self {
        case .truth: "true or false"
        case .text: "a string"
        case .quantity: "a whole number or a string"
        case .list(takesTable: false): "a string or a list of strings"
        case .list(takesTable: true): "a table, a string or a list of strings"
        }
    }

    var remedy: String {
        switch self {
        case .truth: "write true or false, without quotes"
        case .text(let syntax): "write \(syntax) in quotes"
        case .quantity: "write a whole number, or one with its unit in quotes"
        case .list(takesTable: false): "write one in quotes, or several like [\"a\", \"b\"]"
        case .list(takesTable: true): "write it like { NAME = \"value\" }"
        }
    }
}
