/// What is wrong with the command line before any value is looked at.
package enum UsageFault: Error, Equatable {
    case unknownOption(String, nearest: String?)
    case missingValue(String)
    case unexpectedValue(String)
    /// A word of the program that looks like an option of ours.
    case optionAfterProgram(String, nearest: String, program: String)
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
        case .optionAfterProgram(let word, let nearest, let program):
            """
            \(word) stands after the program \(program) and looks like the option --\(nearest); put options \
            before the program, or write -- before it to give it this word
            """
        }
    }
}
