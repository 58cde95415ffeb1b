extension HandlerPlan {
    /// Exactly one of a program's words, `--cmd` and `--echo`.
    static func read(_ reader: inout SettingReader, _ draft: RouteDraft) -> HandlerPlan? {
        let words = draft.words
        let echoes = reader.flag(.echo)
        let command = Self.commandWords(&reader)
        let plan = CommandPlan.read(&reader, words: command ?? words)
        let program = draft.wordsSource == nil ? "a program" : "--cmd"
        let ways = [
            echoes ? "--echo" : nil, reader.isGiven(.cmd) ? "--cmd" : nil, words.isEmpty ? nil : program,
        ]
        .compactMap { $0 }
        if ways.isEmpty, draft.isUnclear { return nil }
        guard ways.count <= 1 else {
            reader.report(nil, "there are \(ways.joined(separator: " and "))", remedy: "give one of them")
            return nil
        }
        guard let way = ways.first else {
            reader.report(nil, "there is nothing to serve", remedy: draft.wayToServe)
            return nil
        }
        guard way == "--echo" else {
            if words.first == "" {
                let fault = ValueFault("the program's name is empty", remedy: "name a program")
                reader.report(fault, at: draft.wordsSource)
            } else if plan.words.first?.isEmpty == false {
                Self.checkProgram(plan, draft, &reader)
            }
            return .command(plan)
        }
        Self.warnOfUnusedOptions(&reader)
        return .echo
    }

    private static func checkProgram(_ plan: CommandPlan, _ draft: RouteDraft, _ reader: inout SettingReader) {
        guard let obstacle = reader.surroundings.obstacle(toStarting: plan) else { return }
        if reader.isGiven(.cmd) {
            reader.report(.cmd, obstacle)
        } else {
            reader.report(obstacle, at: draft.wordsSource)
        }
    }

    private static func commandWords(_ reader: inout SettingReader) -> [String]? {
        let viaShell = reader.flag(.shell)
        guard let text = reader.value(.cmd, as: CommandString.self)?.text else {
            if viaShell, !reader.isGiven(.cmd) {
                reader.report(.shell, "there is no string for the shell", remedy: "give one with --cmd")
            }
            return nil
        }
        if viaShell { return ["/bin/sh", "-c", text] }
        do throws(ShellWords.Fault) {
            let words = try ShellWords.split(text)
            // A word of "" is no program either.
            if words.first?.isEmpty ?? true {
                reader.report(.cmd, "names no program", remedy: "write the program and its arguments")
            }
            return words
        } catch {
            switch error {
            case .openQuote(let quote, let column):
                reader.report(
                    .cmd, "the \(quote) at column \(column) is never closed", remedy: "close or escape it")
            case .danglingBackslash(let column):
                reader.report(
                    .cmd, "the \\ at column \(column) escapes nothing", remedy: "double it or leave it out")
            }
            return nil
        }
    }

    /// No error, so that one can measure with and without a program by changing one word.
    private static func warnOfUnusedOptions(_ reader: inout SettingReader) {
        let sections: [OptionSection] = [.program, .privileges, .messages]
        for row in OptionTable.rows where sections.contains(row.section) && row.name != .echo {
            if reader.isGivenHere(row.name) {
                reader.report(
                    row.name, "says nothing with --echo, which starts no program", remedy: "leave it out",
                    severity: .warning)
            }
        }
    }
}

extension RouteDraft {
    fileprivate var wayToServe: String {
        switch self.source {
        case .commandLine: "name a program, or give --cmd or --echo"
        case .file: "add command = \"./program\" or echo = true"
        }
    }
}

/// A command in one string: whatever text an argument can be.
private struct CommandString: OptionValue {
    let text: String
    var description: String { self.text }
    init(parsing text: String) throws(ValueFault) { self.text = text }
}
