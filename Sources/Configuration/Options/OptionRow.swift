/// All there is to know about an option: help, reference and completions are made from this alone.
package struct OptionRow: Sendable {
    package let name: OptionName
    package let section: OptionSection
    /// How the value is written; nil for a switch, which has none.
    package let syntax: String?
    /// What holds when the option is not given, in the option's own syntax; nil when nothing does.
    package let standard: String?
    package let repeats: Bool
    package let scope: OptionScope
    package let help: String

    init(
        _ name: OptionName, _ section: OptionSection, _ syntax: String?,
        standard: (any CustomStringConvertible)? = nil, repeats: Bool = false,
        scope: OptionScope? = nil, _ help: String
    ) {
        self.name = name
        self.section = section
        self.syntax = syntax
        self.standard = standard?.description
        self.repeats = repeats
        self.scope = scope ?? section.scope
        self.help = help
    }

    package var isSwitch: Bool { self.syntax == nil }
    /// The words a value may be, for shell completion; what is written in capitals stands for something else.
    package var choices: [String] {
        let words = (self.syntax ?? "").split(separator: "|").map(String.init)
        return words.filter { $0 == $0.lowercased() }
    }
    /// Help and default in one sentence.
    package var fullHelp: String {
        let standard = self.standard.map { " (default: \($0))" } ?? ""
        return self.help + (self.repeats ? " Repeatable." : "") + standard
    }
}
