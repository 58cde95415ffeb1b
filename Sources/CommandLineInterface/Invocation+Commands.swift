internal import ArgumentParser
internal import Configuration

// Commands by their names: help about them, and what somebody meant who misspelt one.
extension Invocation {
    private static let commands: [any ParsableCommand.Type] = [
        CheckCommand.self, StatusCommand.self, ConnectCommand.self, BenchCommand.self,
    ]
    /// What people type; the rest is for the package.
    static let names = Self.commands.compactMap { $0.configuration.commandName }
    static let help = "help"
    static let completionOption = "--generate-completion-script"

    /// `wsbridge help`, and `wsbridge help check`.
    static func help(about words: ArraySlice<String>) -> Invocation {
        guard let word = words.first else { return .print(ServeCommand.helpMessage()) }
        if words.count == 1, let command = Self.commands.first(where: { $0.configuration.commandName == word }) {
            return .print(command.helpMessage())
        }
        let remedy = Self.suggestion(for: word).map { "did you mean \($0)?" } ?? "wsbridge --help lists all options"
        return .refuse("error: help is there about \(Self.names.joined(separator: ", ")); \(remedy)")
    }

    /// A word that is no program of this machine, and nearly one of our commands, was hardly meant as a program.
    static func misspelt(
        _ arguments: [String], _ invocation: Invocation, _ surroundings: any Surroundings
    ) -> Invocation? {
        guard case .refuse = invocation, let word = arguments.first, !word.contains("/"),
            let command = Self.suggestion(for: word),
            case .failure = PlanDraft(settings: [], words: [word]).check(in: surroundings)
        else { return nil }
        let problem = "\(word) is no command of ours and no program in the PATH"
        return .refuse("error: \(problem); did you mean wsbridge \(command)?".controlsEscaped)
    }

    private static func suggestion(for word: String) -> String? {
        Spelling.nearest(to: word, in: Self.names + [Self.help])
    }

    /// The library throws its requests (help, version, completions) as well as its complaints. Its own text of these
    /// names a subcommand as if it were the program, and shows all of the help where one word is missing.
    static func answer<Command: ParsableCommand>(to error: any Error, _ command: Command.Type) -> Invocation {
        if Command.exitCode(for: error).isSuccess {
            // Where we have nothing to offer bash offers files: the program's words are nobody's options.
            let text = Command.fullMessage(for: error)
            return .print(text.replacing("\ncomplete -o filenames ", with: "\ncomplete -o default -o filenames "))
        }
        let name = Command.configuration.commandName ?? Product.name
        let asked = name == Product.name ? name : "\(Product.name) \(name)"
        let lines = Command.message(for: error).split(separator: "\n").map(\.trimmingBlanks)
        return .refuse("error: \(lines.joined(separator: " "))".controlsEscaped + "\n\(asked) --help says more")
    }
}

extension Substring {
    /// Without what its line is indented by.
    fileprivate var trimmingBlanks: Substring { self.drop { $0 == " " } }
}
