import Testing

@Suite struct CodeScannerTests {
    @Test(arguments: [
        ("let a = 1 // try!", "let a = 1 "),
        ("let a = \"try!\" + b", "let a = \"\" + b"),
        ("let a = \"\\\"x\" // y", "let a = \"\" "),
        ("let a = \"\\(b ? \"c\" : \"d\") e\"!", "let a = \"\"!"),
        ("let a = #\"\"x\" \\n\"# + b", "let a = \"\" + b"),
        ("a /* b */ c", "a  c"),
        ("a!", "a!"),
    ])
    func oneLine(_ line: String, _ code: String) {
        var scanner = CodeScanner()
        #expect(scanner.code(of: line[...]) == code)
    }

    @Test func severalLines() {
        var scanner = CodeScanner()
        let lines: [Substring] = ["a = \"\"\"", "fatalError()", "\"\"\" + b /* c", "d", "*/ e"]
        #expect(lines.map { scanner.code(of: $0) } == ["a = \"", "", "\" + b ", "", " e"])
    }
}
