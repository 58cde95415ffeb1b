import HTTPSemantics
import Testing

@Suite struct HeaderFieldsTests {
    private let fields: HeaderFields = [
        "Host": "a", "Connection": "keep-alive ,\tUpgrade", "X-Two": "1", "connection": ",, close",
        "x-two": "2",
    ]

    @Test func lookUpIgnoresCaseAndKeepsOrder() {
        #expect(self.fields.first("HOST") == "a")
        #expect(self.fields.all("X-TWO") == ["1", "2"])
        #expect(self.fields.count(of: "x-Two") == 2)
        #expect(self.fields.only("host") == "a")
        #expect(self.fields.only("x-two") == nil)
        #expect(self.fields.only("absent") == nil)
        #expect(self.fields.map(\.name) == ["Host", "Connection", "X-Two", "connection", "x-two"])
    }

    @Test func listsSpanFieldsAndSkipEmptyElements() {
        #expect(self.fields.tokens(of: "Connection") == ["keep-alive", "Upgrade", "close"])
        #expect(self.fields.lists("upgrade", in: "Connection"))
        #expect(!self.fields.lists("upgrad", in: "Connection"))
        #expect(self.fields.tokens(of: "absent") == [])
    }

    @Test(arguments: ["a b", "a/b", "a;q=1", "\"a\"", "a, \u{e9}", "a,\u{0}"])
    func tokensRefuseWhatIsNoToken(_ value: String) {
        let fields: HeaderFields = ["X": FieldValue(value)]
        #expect(fields.tokens(of: "X") == nil)
    }

    @Test func setReplacesEveryField() {
        var fields = self.fields
        fields.set("X-Two", "3")
        #expect(fields.all("x-two") == ["3"])
        #expect(fields.count == 4)
    }

    @Test func bytesOfAValueSurvive() {
        let value = FieldValue(bytes: [0xE9, 0xFF, 0x41] as [UInt8])
        #expect(value.bytes == [0xE9, 0xFF, 0x41])
        #expect(value.string == "\u{FFFD}\u{FFFD}A")
    }

    /// Swift's strings call both spellings of é the same; a protocol must not.
    @Test func comparisonIsByBytes() {
        #expect(FieldValue("\u{e9}") != FieldValue("e\u{301}"))
        #expect(!FieldValue("\u{e9}").equalsIgnoringCase("e\u{301}"))
        #expect(FieldValue("ABC[").equalsIgnoringCase("abc["))
        #expect(!FieldValue("[").equalsIgnoringCase("{"))
    }
}
