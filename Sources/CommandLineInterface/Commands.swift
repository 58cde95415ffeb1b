internal import ArgumentParser
internal import Configuration

/// A command whose options make a plan.
protocol PlanCommand: ParsableCommand {
    var options: AllOptions { get }
}

/// `wsbridge`: serves. It has no `run`, because parsing and acting are apart: see `Invocation`.
struct ServeCommand: PlanCommand {
    static let configuration = CommandConfiguration(
        commandName: Product.name,
        abstract: "A WebSocket front for any program.",
        usage: """
            wsbridge [options] [--] program arguments...
            wsbridge [options] --cmd 'program arguments...'
            wsbridge [options] --echo
            wsbridge --config FILE
            wsbridge check [options] [--] program arguments...
            """,
        discussion: """
            Starts the program once for each WebSocket connection: messages become lines of its standard \
            input, lines of its standard output become messages. Options stand before the program; words \
            after it are its own.
            """,
        version: "\(Product.name) \(Product.version)",
        subcommands: [CheckCommand.self, OptionReferenceCommand.self])

    @OptionGroup var options: AllOptions
}

/// `wsbridge check`: says whether the server would start, and what it would do, without serving.
struct CheckCommand: PlanCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the options and print the plan, without serving.",
        usage: """
            wsbridge check [options] [--] program arguments...
            wsbridge check --config FILE
            """,
        version: ServeCommand.configuration.version)

    @OptionGroup var options: AllOptions
}

/// `wsbridge option-reference`: prints docs/options.md, for whoever changes the table.
struct OptionReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "option-reference", abstract: "Print the reference of options.", shouldDisplay: false)
}
