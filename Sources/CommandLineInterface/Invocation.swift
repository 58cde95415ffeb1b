internal import ArgumentParser
package import Configuration

/// What a command line asks for. Reading it does nothing: the caller acts.
package enum Invocation: Sendable {
    case serve(CheckedPlan)
    case check(CheckedPlan)
    /// The plan is in a file, which reading a command line does not open.
    case serveFile(FileRequest)
    case checkFile(FileRequest)
    case status(StatusRequest)
    case connect(ConnectRequest)
    case bench(BenchRequest)
    /// Something to print on standard output: help, version, a completion script.
    case print(String)
    /// What to print on standard error before leaving with exit code 2.
    case refuse(String)

    /// What one command makes of a plan and of a file.
    private struct Purpose {
        let plan: (CheckedPlan) -> Invocation
        let file: (FileRequest) -> Invocation
    }

    /// `arguments` is the command line without the name of this program; plans are checked against `surroundings`.
    package init(arguments: [String], surroundings: any Surroundings = AmpleSurroundings()) {
        let rest = arguments.dropFirst()
        switch arguments.first {
        // A script completes the whole program, whichever command it is asked of.
        case let command? where Self.names.contains(command) && rest.first?.hasPrefix(Self.completionOption) == true:
            self.init(arguments: Array(rest), surroundings: surroundings)
        case CheckCommand.configuration.commandName:
            self = Self.read(
                rest, CheckCommand.self, surroundings, Purpose(plan: { .check($0) }, file: { .checkFile($0) }))
        case StatusCommand.configuration.commandName:
            self = Self.readStatus(rest)
        case ConnectCommand.configuration.commandName:
            self = Self.readClient(rest, ConnectCommand.self) { command throws(ArgumentFault) in
                .connect(try command.request())
            }
        case BenchCommand.configuration.commandName:
            self = Self.readClient(rest, BenchCommand.self) { command throws(ArgumentFault) in
                .bench(try command.request())
            }
        case OptionReferenceCommand.configuration.commandName where rest.isEmpty:
            self = .print(OptionTable.markdown)
        case ManualPageCommand.configuration.commandName where rest.count <= 1:
            let page = rest.first.flatMap { ManualPage(rawValue: $0) }
            self = page.map { .print($0.text) } ?? .refuse("error: there are manual pages 1 and 5")
        case Self.help:
            self = Self.help(about: rest)
        default:
            let invocation = Self.read(
                arguments[...], ServeCommand.self, surroundings,
                Purpose(plan: { .serve($0) }, file: { .serveFile($0) }))
            self = Self.misspelt(arguments, invocation, surroundings) ?? invocation
        }
    }

    private static func readStatus(_ arguments: ArraySlice<String>) -> Invocation {
        do {
            let command = try StatusCommand.parse(Array(arguments))
            return .status(try StatusRequest(command.address, wantsJSON: command.json))
        } catch let fault as ValueFault {
            return .refuse("error: the address \(fault.problem); \(fault.remedy)".controlsEscaped)
        } catch {
            return Self.answer(to: error, StatusCommand.self)
        }
    }

    private static func readClient<Command: ParsableCommand>(
        _ arguments: ArraySlice<String>, _ command: Command.Type,
        _ make: (Command) throws(ArgumentFault) -> Invocation
    ) -> Invocation {
        do {
            return try make(try Command.parse(Array(arguments)))
        } catch let fault as ArgumentFault {
            return .refuse("error: \(fault)".controlsEscaped)
        } catch {
            return Self.answer(to: error, Command.self)
        }
    }

    private static func read<Command: PlanCommand>(
        _ arguments: ArraySlice<String>, _ command: Command.Type, _ surroundings: any Surroundings,
        _ purpose: Purpose
    ) -> Invocation {
        do {
            let parts = try ArgumentSplitter(arguments)
            let options = try Command.parse(parts.options).options
            if let request = try FileRequest(options.settings, words: parts.words) { return purpose.file(request) }
            let draft = PlanDraft(settings: options.settings, words: parts.words)
            return purpose.plan(try draft.check(in: surroundings).get())
        } catch let fault as UsageFault {
            return .refuse("error: \(fault)".controlsEscaped)
        } catch let diagnostics as Diagnostics {
            return .refuse(diagnostics.entries.map(\.description).joined(separator: "\n"))
        } catch {
            // The library throws its requests (help, version, completions) as well as its complaints.
            return Self.answer(to: error, Command.self)
        }
    }
}
