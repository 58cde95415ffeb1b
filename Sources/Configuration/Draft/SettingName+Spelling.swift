extension SettingName {
    /// As it is written where it was written.
    func spelling(in source: Setting.Source) -> String {
        switch (self, source) {
        case (.option(let option), .commandLine): option.flag
        case (.option(let option), .file): option.key
        case (.key(let key), _): key.rawValue
        }
    }

    var isSwitch: Bool {
        switch self {
        case .option(let option): OptionTable.row(option).isSwitch
        case .key: false
        }
    }
}

extension OptionName {
    /// A text that names options as the command line spells them, spelt as in the file: `--idle-timeout` becomes
    /// `idle_timeout`.
    static func speltAsKeys(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let dashes = rest.firstRange(of: "--") {
            let word = rest[dashes.upperBound...].prefix { $0 == "-" || ("a"..."z").contains($0) }
            result += rest[..<dashes.lowerBound]
            result += OptionName(rawValue: String(word)).map(\.key) ?? "--\(word)"
            rest = rest[word.endIndex...]
        }
        return result + rest
    }
}
