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
        abstract: "A WebSocket front for any program or TCP service.",
        usage: """
            wsbridge [options] [--] program arguments...
            wsbridge [options] --cmd 'program arguments...'
            wsbridge [options] --tcp HOST:PORT
            wsbridge [options] --proxy http://HOST:PORT
            wsbridge [options] --static DIR [--cmd 'program arguments...']
            wsbridge [options] --echo
            wsbridge --config FILE
            wsbridge check [options] [--] program arguments...
            wsbridge status [--json] [address]
            wsbridge connect [options] URL
            wsbridge bench [options] URL
            """,
        discussion: """
            Starts the program once for each WebSocket connection: messages become lines of its standard \
            input, lines of its standard output become messages. Or connects each session to a TCP or unix server, \
            and passes bytes both ways; or forwards HTTP and WebSockets to a server that speaks them itself; or serves \
            files. Options stand before the program; words after it are its own.
            """,
        version: "\(Product.name) \(Product.version)",
        subcommands: [
            CheckCommand.self, StatusCommand.self, ConnectCommand.self, BenchCommand.self, OptionReferenceCommand.self,
            ManualPageCommand.self,
        ])

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

/// `wsbridge status`: shows what a running server does.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what a running server does now.",
        usage: "wsbridge status [--json] [address]",
        discussion: "Asks the address that the server was given with --metrics-listen.",
        version: ServeCommand.configuration.version)

    @Flag(name: .long, help: "Print one JSON object.") var json = false

    @Argument(
        help: ArgumentHelp(
            "ADDR:PORT, unix:PATH or the URL that the server printed (default: \(ListenAddress.metricsStandard))",
            valueName: "address"))
    var address: String?
}

/// `wsbridge option-reference`: prints docs/options.md, for whoever changes the table.
struct OptionReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "option-reference", abstract: "Print the reference of options.", shouldDisplay: false)
}

/// `wsbridge manual-page 1` and `5`: prints wsbridge(1) and wsbridge.toml(5), for the package.
struct ManualPageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual-page", abstract: "Print a manual page.", shouldDisplay: false)
}
