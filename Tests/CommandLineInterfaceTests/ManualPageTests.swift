import CommandLineInterface
import Configuration
import Testing

@Suite struct ManualPageTests {
    private func page(_ section: String) throws -> String {
        guard case .print(let text) = Invocation(arguments: ["manual-page", section]) else {
            Issue.record("no page \(section)")
            return ""
        }
        return text
    }

    private func roff(_ text: String) -> String { text.replacing("-", with: "\\-") }

    @Test func everyOptionHasItsEntry() throws {
        let command = try self.page("1")
        let file = try self.page("5")
        for row in OptionTable.rows {
            #expect(command.contains(".TP\n\\fB\(self.roff(row.name.flag))\\fR"), "\(row.name)")
            let isInFile: Bool =
                switch row.scope {
                case .commandLine: false
                case .server, .route, .handler: true
                }
            #expect(file.contains(".TP\n\\fB\(row.name.key)\\fR") == isInFile, "\(row.name)")
        }
        for key in FileKey.allCases { #expect(file.contains(".TP\n\\fB\(key.rawValue)\\fR \\fI= "), "\(key)") }
    }

    @Test func nothingIsTakenForAMacro() throws {
        for section in ["1", "5"] {
            let macros: Set<Substring> = [".TH", ".nh", ".ad", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi", ".RS", ".RE"]
            for line in try self.page(section).split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
                #expect(macros.contains(line.prefix(3)), "\(line)")
            }
        }
    }

    @Test func thereAreTwo() {
        guard case .refuse = Invocation(arguments: ["manual-page", "2"]) else {
            Issue.record("a page 2")
            return
        }
    }
}
