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

    @Test(arguments: ["a b", "a/b", "a;q=1", "\"a\"", "a, \u{e9}", "a,\u{1}"])
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

    /// Names and values stand among bytes that several copies share, and what is removed leaves its bytes there.
    @Test func copiesGoTheirOwnWays() {
        var one = self.fields
        var other = self.fields
        one.removeAll("connection")
        one.append("X-One", "1")
        other.set("Host", "b")
        #expect(one.map(\.name) == ["Host", "X-Two", "x-two", "X-One"])
        #expect(one.map(\.value) == ["a", "1", "2", "1"])
        #expect(other.map(\.value) == ["keep-alive ,\tUpgrade", "1", ",, close", "2", "b"])
        #expect(self.fields.count == 5)
        #expect(one != other && one == ["Host": "a", "X-Two": "1", "x-two": "2", "X-One": "1"])
    }

    /// Lines are written with one space, whatever stood around the value when it came.
    @Test(arguments: [
        ("A: b", 3..<4, "A: b\r\n"), ("A:b", 2..<3, "A: b\r\n"), ("A:\tb ", 3..<4, "A: b\r\n"),
        ("A:   b", 5..<6, "A: b\r\n"), ("A:", 2..<2, "A: \r\n"), ("A: ", 3..<3, "A: \r\n"), ("A:  ", 4..<4, "A: \r\n"),
    ])
    func linesAreWrittenAlike(_ text: String, _ value: Range<Int>, _ line: String) {
        let section = Array("Z: 1\r\n\(text)\r\n".utf8)
        let second = HeaderFields.Line(name: 6..<7, value: value.lowerBound + 6..<value.upperBound + 6)
        let fields = HeaderFields(
            copying: section.span, lines: [HeaderFields.Line(name: 0..<1, value: 3..<4), second])
        var bytes: [UInt8] = []
        fields.appendSection(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "Z: 1\r\n" + line + "\r\n")
    }

    /// Lines go out as they came, several at once, whatever was removed between them and wherever an odd one stands.
    @Test func linesAroundOthersAreWritten() {
        let lines = ["A: 1", "B:2", "C: 3", "D: 4 ", "E: 5", "F: 6"]
        let section = Array(lines.map { "\($0)\r\n" }.joined().utf8)
        var positions: [HeaderFields.Line] = []
        var start = 0
        for line in lines {
            let value = start + (line.hasPrefix("B") ? 2 : 3)
            positions.append(HeaderFields.Line(name: start..<start + 1, value: value..<value + 1))
            start += line.utf8.count + 2
        }
        for removed in 0..<64 {
            var fields = HeaderFields(copying: section.span, lines: positions)
            let isKept = { (index: Int) in removed >> index & 1 == 0 }
            fields.removeAll { !isKept(Int($0[0] - UInt8(ascii: "A"))) }
            var bytes: [UInt8] = []
            fields.appendSection(to: &bytes)
            let kept = (0..<6).filter(isKept).map { "\(Character(Unicode.Scalar(UInt8(0x41 + $0)))): \($0 + 1)\r\n" }
            #expect(String(decoding: bytes, as: UTF8.self) == kept.joined() + "\r\n")
        }
    }

    /// In a value and in a name, and next to what only looks like one.
    @Test func lineBreaksEndNothing() {
        var fields = HeaderFields()
        fields.append("A\r\nB", FieldValue(bytes: Array("1\r\n2\t3\u{1}\0".utf8)))
        fields.append("C", "4")
        var bytes: [UInt8] = []
        fields.appendSection(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "A  B: 1  2\t3\u{1} \r\nC: 4\r\n\r\n")
    }

    @Test func repeatsAreJoined() {
        let fields: HeaderFields = ["A": "", "B": "1", "a": "2", "A": ""]
        var seen: [String] = []
        fields.forEachName { name, value in seen.append("\(name.string)=\(value.string)") }
        #expect(seen == ["A=, 2, ", "B=1"])
    }

    @Test(arguments: [
        ("0", 0), ("007", 7), ("9223372036854775807", Int.max), ("9223372036854775808", nil), ("", nil), ("+1", nil),
        ("1 ", nil), ("99999999999999999999", nil), ("0x1", nil),
    ] as [(String, Int?)])
    func decimalsAreDigitsAlone(_ text: String, _ number: Int?) {
        #expect(text.utf8.span.decimal == number)
    }
}
