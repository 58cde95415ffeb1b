package import Configuration

/// What is wrong with the command line before any value is looked at.
package enum UsageFault: Error, Equatable {
    case unknownOption(String, nearest: String?)
    case missingValue(String)
    case unexpectedValue(String)
    /// A word of the program that looks like an option of ours.
    case optionAfterProgram(String, nearest: String, program: String)
    /// An option that belongs into the file that is named too.
    case besideFile(OptionName)
    case programBesideFile(String)
    case severalFiles
}

extension UsageFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownOption(let word, let nearest?):
            "unknown option \(word); did you mean --\(nearest)?"
        case .unknownOption(let word, nil):
            "unknown option \(word); --help lists the options, and -- ends them before a program's name"
        case .missingValue(let name):
            "--\(name) needs a value; write --\(name)=VALUE"
        case .unexpectedValue(let name):
            "--\(name) takes no value; write --\(name) alone"
        case .besideFile(let option):
            """
            \(option.flag) cannot stand beside --config; write \(option.key) into the file (only \
            \(FileRequest.companions.map(\.flag).joined(separator: ", ")) go before what it says)
            """
        case .programBesideFile(let word):
            "the program \(word) cannot stand beside --config; write it into the file, as command of a [[route]]"
        case .severalFiles:
            "--config is there more than once; name one file"
        case .optionAfterProgram(let word, let nearest, let program):
            """
            \(word) stands after the program \(program) and looks like the option --\(nearest); put options \
            before the program, or write -- before it to give it this word
            """
        }
    }
}
