internal import Configuration

/// Parts the command line into our options and the words of the program.
///
///     [options] [--] program words...
///
/// The parser library can hand on words it does not know, but then it hands on a misspelt option as well.
/// Here an option-like word is ours until the program's first word or `--`, and after a program without
/// `--` a word that looks like an option of ours is refused: who typed it may have meant us.
struct ArgumentSplitter {
    /// Options as `--name=value`, so that nobody can take a value for anything else.
    private(set) var options: [String] = []
    private(set) var words: [String] = []

    /// What the parser library adds; true where a value follows.
    private static let builtIn = [
        "help": false, "help-hidden": false, "version": false, "generate-completion-script": true,
    ]
    private static let names = OptionName.allCases.map(\.rawValue) + Self.builtIn.keys.sorted()

    init(_ arguments: some Collection<String>) throws(UsageFault) {
        var rest = Array(arguments)[...]
        while let word = rest.popFirst() {
            if word == "--" {
                self.words = Array(rest)
                return
            }
            guard word.hasPrefix("-"), word != "-" else {
                self.words = [word] + rest
                try Self.checkProgram(word, rest)
                return
            }
            try self.takeOption(word, &rest)
        }
    }

    private mutating func takeOption(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageFault) {
        if word == "-h" {
            self.options.append(word)
            return
        }
        let equals = word.firstIndex(of: "=")
        let name = Self.name(of: word)
        guard word.hasPrefix("--"), let needsValue = Self.needsValue(name) else {
            throw .unknownOption(String(word[..<(equals ?? word.endIndex)]), nearest: Self.nearest(to: name))
        }
        switch (needsValue, equals) {
        case (true, .some), (false, nil):
            self.options.append(word)
        case (false, .some):
            throw .unexpectedValue(name)
        case (true, nil):
            guard let value = rest.popFirst(), value != "--", !Self.isOption(value) else {
                throw .missingValue(name)
            }
            self.options.append("\(word)=\(value)")
        }
    }

    /// What stands behind the program's own `--` is plainly not meant for us.
    private static func checkProgram(_ program: String, _ words: ArraySlice<String>) throws(UsageFault) {
        for word in words.prefix(while: { $0 != "--" }) where word.hasPrefix("--") {
            guard let nearest = Self.nearest(to: Self.name(of: word)) else { continue }
            throw .optionAfterProgram(word, nearest: nearest, program: program)
        }
    }

    private static func name(of word: String) -> String {
        String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    }

    private static func isOption(_ word: String) -> Bool {
        word.hasPrefix("--") && Self.needsValue(Self.name(of: word)) != nil
    }

    private static func needsValue(_ name: String) -> Bool? {
        OptionName(rawValue: name).map { !OptionTable.row($0).isSwitch } ?? Self.builtIn[name]
    }

    private static func nearest(to name: String) -> String? { Spelling.nearest(to: name, in: Self.names) }
}
