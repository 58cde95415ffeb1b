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
        var reader = SettingReader([])
        _ = Plan.read(&reader, words: ["x"])
        #expect(reader.asked == Set(OptionName.allCases))
    }

    /// The default in the table, written out as a setting, changes nothing.
    @Test(arguments: OptionTable.rows.map(\.name))
    func everyDefaultIsTheOneInForce(_ name: OptionName) throws {
        let worded: [OptionName] = [.workers, .maxFrameSize, .messageType]
        guard let standard = OptionTable.row(name).standard, !worded.contains(name) else { return }
        let bare = try PlanDraft(settings: [], words: ["x"]).check().get()
        let said = try PlanDraft(settings: [Setting(name, standard)], words: ["x"]).check().get()
        #expect("\(said.plan)" == "\(bare.plan)")
    }
}
