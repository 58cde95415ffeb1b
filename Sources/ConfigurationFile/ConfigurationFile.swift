package import Configuration

/// A file of options in TOML: what it says becomes a draft, and that a plan, like the command line's.
package struct ConfigurationFile: Sendable {
    /// 1 MiB: some ten thousand routes. Whatever is larger is another file.
    package static let bytesMax = 1 << 20

    /// As messages call it.
    package let name: String
    let text: [UInt8]

    package init(name: String, text: [UInt8]) {
        self.name = name
        self.text = text
    }

    /// The plan, or all that is wrong. `overriding` are options of the command line that hold instead of the file's.
    package func check(
        overriding settings: [Setting] = [], in surroundings: any Surroundings = AmpleSurroundings()
    ) -> Result<CheckedPlan, Diagnostics> {
        guard self.text.count <= Self.bytesMax else {
            return self.refuse("is larger than \(ByteCount(bytes: Self.bytesMax))", line: 1, column: 1)
        }
        do throws(TOMLFault) {
            var reader = FileReader()
            var draft = reader.read(try TOMLDocument.parse(self.text))
            let overridden = Set(settings.map(\.name))
            draft.server = draft.server.filter { !overridden.contains($0.name) } + settings
            return draft.check(in: surroundings)
        } catch {
            return self.refuse(error.reason, line: error.line, column: error.column)
        }
    }

    private func refuse(_ problem: String, line: Int, column: Int) -> Result<CheckedPlan, Diagnostics> {
        let diagnostic = Diagnostic(
            severity: .error, subject: nil, value: nil, source: .file(line: line, column: column), problem: problem,
            remedy: "the rest was not looked at")
        return .failure(Diagnostics(entries: [diagnostic]))
    }
}
