/// Splits one string as a POSIX shell splits words; nothing is expanded and nothing is special but white
/// space, quotes and backslash.
package enum ShellWords {
    /// A quote or escape that nothing ends; `column` counts Unicode scalars from 1.
    package enum Fault: Error, Equatable {
        case openQuote(Unicode.Scalar, column: Int)
        case danglingBackslash(column: Int)
    }

    private enum Quote {
        case none
        case single(column: Int)
        case double(column: Int)
    }

    package static func split(_ text: String) throws(Fault) -> [String] {
        var words: [String] = []
        var word: String?
        var quote = Quote.none
        var escape: Int?
        var column = 0
        // A shell knows no combining characters: a quote with an accent on it is a quote and an accent.
        for character in text.unicodeScalars {
            column += 1
            if escape != nil {
                word = (word ?? "") + Self.escaped(character, in: quote)
                escape = nil
                continue
            }
            switch (quote, character) {
            case (.none, "\\"), (.double, "\\"): escape = column
            case (.none, "'"): (quote, word) = (.single(column: column), word ?? "")
            case (.none, "\""): (quote, word) = (.double(column: column), word ?? "")
            case (.single, "'"), (.double, "\""): quote = .none
            case (.none, " "), (.none, "\t"), (.none, "\n"):
                if let whole = word { words.append(whole) }
                word = nil
            case (.none, _), (.single, _), (.double, _): word = (word ?? "") + String(character)
            }
        }
        switch quote {
        case .single(let column): throw .openQuote("'", column: column)
        case .double(let column): throw .openQuote("\"", column: column)
        case .none: break
        }
        if let escape { throw .danglingBackslash(column: escape) }
        if let whole = word { words.append(whole) }
        return words
    }

    /// Inside double quotes a backslash stays where it has nothing to escape; before a line end both vanish.
    private static func escaped(_ character: Unicode.Scalar, in quote: Quote) -> String {
        if character == "\n" { return "" }
        switch quote {
        case .double where !"$`\"\\".unicodeScalars.contains(character): return "\\" + String(character)
        case .none, .single, .double: return String(character)
        }
    }
}
