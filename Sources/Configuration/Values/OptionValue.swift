/// A value that an option is written with: the command line and the file parse and print it the same way.
package protocol OptionValue: Sendable, CustomStringConvertible {
    init(parsing text: String) throws(ValueFault)
}

/// What is wrong with a value, and the way out.
package struct ValueFault: Error, Equatable {
    package let problem: String
    package let remedy: String

    package init(_ problem: String, remedy: String) {
        self.problem = problem
        self.remedy = remedy
    }
}

/// A value that is one of a few words.
package protocol Choice: OptionValue, RawRepresentable<String>, CaseIterable {}

extension Choice {
    package init(parsing text: String) throws(ValueFault) {
        guard let value = Self(rawValue: text) else {
            let names = Self.allCases.map(\.rawValue)
            let nearest = Spelling.nearest(to: text, in: names).map { "did you mean \($0)? " } ?? ""
            throw ValueFault(
                "unknown value", remedy: "\(nearest)it is one of \(names.joined(separator: ", "))")
        }
        self = value
    }

    package var description: String { self.rawValue }

    /// How the reference shows it: `lines|null|raw`.
    package static var syntax: String { Self.allCases.map(\.rawValue).joined(separator: "|") }
}

extension Int: OptionValue {
    package init(parsing text: String) throws(ValueFault) {
        guard let value = Int(text), !text.hasPrefix("+") else {
            throw ValueFault("not a whole number", remedy: "write digits, like 100")
        }
        self = value
    }
}
