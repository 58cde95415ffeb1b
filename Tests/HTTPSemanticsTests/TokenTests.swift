import HTTPSemantics
import Testing

@Suite struct TokenTests {
    /// RFC 9110 section 5.6.2, against the bits that the code looks at.
    @Test func everyByteIsWhatTheGrammarSays() {
        let marks = Set("!#$%&'*+-.^_`|~".utf8)
        for byte in UInt8.min...UInt8.max {
            let isExpected = marks.contains(byte) || byte.isASCIILetter || byte.isASCIIDigit
            #expect(byte.isTokenCharacter == isExpected, "byte \(byte)")
        }
    }

    @Test(arguments: [
        ("", 0..<0), (" ", 0..<0), (" a", 1..<2), ("a\t ", 0..<1), ("\t a b ", 2..<5), ("ab", 0..<2),
    ])
    func optionalWhitespaceGoesAtBothEnds(_ text: String, _ expected: Range<Int>) {
        let bytes = Array(text.utf8)
        let trimmed = bytes.span.trimmingOptionalWhitespace(0..<bytes.count)
        #expect(bytes[trimmed] == bytes[expected])
    }

    @Test(arguments: [
        ("SEC-WebSocket-Key", "Sec-WebSocket-", true), ("Sec-", "Sec-WebSocket-", false), ("anything", "", true),
    ])
    func prefixesDoNotReachBeyondTheEnd(_ text: String, _ prefix: String, _ expected: Bool) {
        let isPrefix = Array(text.utf8).span.startsIgnoringCase(with: prefix)
        #expect(isPrefix == expected)
    }
}
