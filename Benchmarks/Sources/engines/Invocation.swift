/// What the words of the command line ask for.
struct Invocation: Equatable {
    enum Action: Equatable {
        case help
        case list
        /// Each benchmark so many operations, once, and not a word: for those who count instructions.
        case perform(operations: Int)
        case measure(rounds: Int, asJSON: Bool)
    }

    static let usage = """
        Usage: engines [--filter TEXT] [--list | --count N | --rounds N] [--json]

        Measures the engines of wsbridge one operation at a time, in processor time.

          --filter TEXT   only benchmarks whose name contains TEXT
          --list          print their names
          --count N       do each N times, once, and print nothing (0 to 1000000000)
          --rounds N      rounds of about 50 ms each (1 to 1000, 9 by default)
          --json          print the results as JSON

        Exit code: 0; 1 when a benchmark did not do its work; 2 for a wrong command line.
        """

    private static let roundsStandard = 9
    private static let countMax = 1_000_000_000
    private static let roundsMax = 1000

    private(set) var filter = ""
    private(set) var action = Action.measure(rounds: Self.roundsStandard, asJSON: false)

    init(arguments: [String]) throws(WrongUsage) {
        var rest = arguments[...]
        var rounds: Int?
        var asJSON = false
        var other: Action?
        while let word = rest.popFirst() {
            switch word {
            case "--filter": self.filter = try Self.value(of: word, &rest)
            case "--rounds": rounds = try Self.number(of: word, in: 1...Self.roundsMax, &rest)
            case "--json": asJSON = true
            case "--help", "-h": try Self.set(&other, .help)
            case "--list": try Self.set(&other, .list)
            case "--count":
                let operations = try Self.number(of: word, in: 0...Self.countMax, &rest)
                try Self.set(&other, .perform(operations: operations))
            default: throw WrongUsage(text: "\(word) is no option")
            }
        }
        guard let other else {
            self.action = .measure(rounds: rounds ?? Self.roundsStandard, asJSON: asJSON)
            return
        }
        guard other == .help || (rounds == nil && !asJSON) else {
            throw WrongUsage(text: "--rounds and --json are for measuring, not for --list or --count")
        }
        self.action = other
    }

    private static func set(_ action: inout Action?, _ new: Action) throws(WrongUsage) {
        guard action == nil else { throw WrongUsage(text: "give one of --list, --count and --help") }
        action = new
    }

    private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(WrongUsage) -> String {
        guard let word = rest.popFirst() else { throw WrongUsage(text: "\(option) needs a value") }
        return word
    }

    private static func number(
        of option: String, in range: ClosedRange<Int>, _ rest: inout ArraySlice<String>
    ) throws(WrongUsage) -> Int {
        let word = try Self.value(of: option, &rest)
        guard let number = Int(word), range.contains(number) else {
            throw WrongUsage(text: "\(option) \(word): give a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

/// A command line that asks for nothing that there is.
struct WrongUsage: Error {
    let text: String
}
