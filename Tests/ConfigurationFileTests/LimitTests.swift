import Configuration
import ConfigurationFile
import Testing

/// Files that are made to hurt, and what a file's messages may contain.
@Suite struct LimitTests {
    private func fault(_ text: String) -> String {
        let file = ConfigurationFile(name: "f", text: Array(text.utf8))
        guard case .failure(let diagnostics) = file.check() else { return "" }
        return file.report(diagnostics.entries)
    }

    @Test(arguments: [
        "a" + String(repeating: ".a", count: 100_000) + " = 1",
        "[" + String(repeating: "a.", count: 100_000) + "a]",
        "\"x\"" + String(repeating: ".a", count: 65) + " = 1",
        "# \"\n" + String(repeating: "a.", count: 65) + "a = 1",
        "a = \"\"\"\"x\"\"\"\"\"\n" + String(repeating: "a.", count: 65) + "a = 1",
    ])
    func aKeyOfTooManyPartsIsRefused(_ text: String) {
        #expect(self.fault(text).contains("a key of too many parts"))
    }

    /// Dots that make no tables.
    @Test(arguments: [
        "a = \"" + String(repeating: ".", count: 1000) + "\"",
        "a = '" + String(repeating: ".", count: 1000) + "'",
        "a = \"\\\"" + String(repeating: ".", count: 1000) + "\"",
        "a = \"\"\"\n" + String(repeating: ".", count: 1000) + "\n\"\"\"",
        "a = '''\n'" + String(repeating: ".", count: 1000) + "''''",
        "# " + String(repeating: ".", count: 1000) + "\na = 1",
    ])
    func dotsInTextAreNoParts(_ text: String) {
        let fault = self.fault(text)
        #expect(fault.hasPrefix("f:"))
        #expect(fault.contains("error: a: is not known"))
    }

    @Test(arguments: [
        "a = " + String(repeating: "[", count: 100_000), "a = " + String(repeating: "{a=", count: 100_000),
    ])
    func deepValuesAreRefused(_ text: String) {
        #expect(self.fault(text).hasPrefix("f:1:"))
    }

    @Test func whatIsWrittenCannotSteerATerminal() {
        let fault = self.fault("\"\\u001B[2J\" = 1 # \u{9B}2J\n")
        #expect(fault.contains("\\u{1B}[2J: is not known"))
        #expect(!fault.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x9B })
    }

    @Test func aLongLineIsCutOff() {
        let fault = self.fault("x = \"\(String(repeating: "ä", count: 5000))\"")
        #expect(fault.split(separator: "\n").allSatisfy { $0.count <= 170 })
    }

    /// Whatever is cut off, something comes back.
    @Test func everyPrefixIsJudged() {
        let text = "listen = \"127.0.0.1:1\"\n[defaults]\nenv = { A = \"b\" }\n[[route]]\necho = true\n"
        for count in 0...text.utf8.count {
            let file = ConfigurationFile(name: "f", text: Array(text.utf8.prefix(count)))
            switch file.check() {
            case .success(let checked): #expect(checked.plan.routes.count == 1)
            case .failure(let diagnostics): #expect(!file.report(diagnostics.entries).isEmpty)
            }
        }
    }
}
