import Configuration
import Testing

@Suite struct SpellingTests {
    @Test(
        arguments: [
            ("prot", "port"), ("prt", "port"), ("port", "port"), ("frming", "framing"),
            ("idle_timeout", "idle-timeout"),
            ("max-conections", "max-connections"), ("eco", "echo"), ("color", nil), ("verbose", nil),
            ("", nil), ("p", nil),
            (String(repeating: "x", count: 1000), nil),
        ] as [(String, String?)])
    func nearest(_ text: String, _ expected: String?) {
        let names = OptionName.allCases.map(\.rawValue)
        #expect(Spelling.nearest(to: text, in: names) == expected)
    }
}
