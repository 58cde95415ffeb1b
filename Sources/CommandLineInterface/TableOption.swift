internal import ArgumentParser
internal import Configuration

/// Options are declared by their name alone: spelling, help and completion come from the table, so that
/// command line and reference cannot differ. Every one collects all its values; the draft says what is
/// given too often.
extension Option where Value == [String] {
    init(wrappedValue: [String], _ name: OptionName) {
        let row = OptionTable.row(name)
        self.init(
            wrappedValue: wrappedValue, name: .customLong(name.rawValue),
            help: ArgumentHelp(row.fullHelp, valueName: row.syntax),
            completion: row.completion)
    }
}

extension OptionRow {
    /// What a shell offers in place of the value; nil: nothing.
    fileprivate var completion: CompletionKind? {
        let words = (self.syntax ?? "").split(separator: "|")
        if words.contains("FILE") || self.name == .unix { return .file() }
        if words.contains("DIR") { return .directory }
        return self.choices.isEmpty ? nil : .list(self.choices)
    }
}

extension Flag where Value == Bool {
    init(wrappedValue: Bool, _ name: OptionName) {
        self.init(
            wrappedValue: wrappedValue, name: .customLong(name.rawValue),
            help: ArgumentHelp(OptionTable.row(name).fullHelp))
    }
}

extension [Setting] {
    static func given(_ option: OptionName, _ values: [String]) -> [Setting] {
        values.map { Setting(option, $0) }
    }

    static func given(_ option: OptionName, _ isOn: Bool) -> [Setting] {
        isOn ? [Setting(option, "true")] : []
    }
}
