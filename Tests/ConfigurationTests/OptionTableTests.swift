@testable import Configuration
import Testing

@Suite struct OptionTableTests {
    @Test func everyOptionHasExactlyOneRow() {
        #expect(
            OptionTable.rows.map(\.name.rawValue).sorted() == OptionName.allCases.map(\.rawValue).sorted())
        #expect(OptionSection.allCases.flatMap(OptionTable.rows(of:)).count == OptionTable.rows.count)
    }

    @Test(arguments: OptionTable.rows.map(\.name))
    func everyRowIsASentence(_ name: OptionName) {
        let row = OptionTable.row(name)
        #expect(row.help.hasSuffix("."))
        #expect(row.help.first?.isUppercase == true)
        #expect(row.help.count <= 110)
    }

    /// An option that nobody reads would be swallowed in silence.
    @Test func everyOptionIsRead() {
        let address = Setting(.key(.address), "unix:/a", source: .commandLine)
        let listener = ListenerDraft(settings: [address], source: .commandLine)
        var draft = PlanDraft(settings: [], words: ["x"])
        draft.listeners = [listener]
        let options = OptionTable.rows.filter { $0.scope != .commandLine }.map { SettingName.option($0.name) }
        let read = Plan.read(draft, AmpleSurroundings()).asked
        #expect(read == Set(options + FileKey.allCases.map { .key($0) }))
    }

    /// The default in the table, written out as a setting, changes nothing.
    @Test(arguments: OptionTable.rows.map(\.name))
    func everyDefaultIsTheOneInForce(_ name: OptionName) throws {
        let worded: [OptionName] = [
            .workers, .maxFrameSize, .messageType, .framing, .subprotocol, .upstreamTLSCA, .upstreamTLSName,
            .checkStatus, .checkHost,
        ]
        guard let standard = OptionTable.row(name).standard, !worded.contains(name) else { return }
        let server = [Setting(.tcp, "a:1"), Setting(.tcp, "b:1")]
        let hasServer = OptionTable.row(name).section == .upstream
        let (settings, words) = hasServer ? (server, []) : ([], ["x"])
        let bare = try PlanDraft(settings: settings, words: words).check().get()
        let said = try PlanDraft(settings: settings + [Setting(name, standard)], words: words).check().get()
        #expect("\(said.plan)" == "\(bare.plan)")
    }
}
