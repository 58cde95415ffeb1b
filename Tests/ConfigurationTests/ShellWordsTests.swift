import Configuration
import Testing

@Suite struct ShellWordsTests {
    @Test(
        arguments: [
            ("", []), ("  \t\n ", []), ("a", ["a"]), ("  a  b\tc\nd ", ["a", "b", "c", "d"]),
            ("'a b' \"c d\"", ["a b", "c d"]), ("a'b c'd\"e f\"", ["ab cde f"]), ("'' \"\"", ["", ""]),
            ("a\\ b", ["a b"]),
            ("\\'a\\\"", ["'a\""]), ("'a\\b'", ["a\\b"]), ("\"a\\\\b\\\"c\\$d\\`\"", ["a\\b\"c$d`"]),
            ("\"a\\nb\"", ["a\\nb"]),
            ("a\\\nb", ["ab"]), ("\"a\\\nb\"", ["ab"]),
            ("$HOME *.c ~ a|b;c&d>e #f", ["$HOME", "*.c", "~", "a|b;c&d>e", "#f"]),
            ("'it'\\''s'", ["it's"]), ("é '€ 😀'", ["é", "€ 😀"]),
        ] as [(String, [String])])
    func split(_ text: String, _ words: [String]) throws {
        #expect(try ShellWords.split(text) == words)
    }

    @Test(
        arguments: [
            ("'", .openQuote("'", column: 1)), ("a 'b", .openQuote("'", column: 3)),
            ("a \"b\\\"", .openQuote("\"", column: 3)),
            ("é \"", .openQuote("\"", column: 3)), ("a\\", .danglingBackslash(column: 2)),
        ] as [(String, ShellWords.Fault)])
    func faults(_ text: String, _ fault: ShellWords.Fault) {
        #expect(throws: fault) { try ShellWords.split(text) }
    }
}
