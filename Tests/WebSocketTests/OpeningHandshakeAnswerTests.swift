import HTTPSemantics
import Testing
import WebSocket

@Suite struct OpeningHandshakeAnswerTests {
    @Test func acceptance() {
        var bytes: [UInt8] = []
        OpeningHandshake.response(acceptValue: "abc=", subprotocol: "chat").serialize(into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: abc=\r
                Sec-WebSocket-Protocol: chat\r
                \r

                """)
        let plain = OpeningHandshake.response(acceptValue: "abc=", subprotocol: nil)
        #expect(!plain.fields.contains("Sec-WebSocket-Protocol"))
    }

    @Test func wrongVersionNamesTheRightOne() {
        let violation = OpeningHandshakeViolation.unsupportedVersion
        #expect(violation.status == .upgradeRequired)
        #expect(violation.responseFields.all("Sec-WebSocket-Version") == ["13"])
        #expect(!violation.closesConnection)
    }

    @Test(arguments: [
        OpeningHandshakeViolation.methodNotGET, .bodyPresent, .upgradeMissing, .keyMissing, .keyDuplicate,
        .subprotocolRequired,
    ])
    func everythingElseIsABadRequest(_ violation: OpeningHandshakeViolation) {
        #expect(violation.status == .badRequest)
        #expect(violation.responseFields.isEmpty)
        #expect(violation.closesConnection == (violation == .bodyPresent))
    }

    struct SubprotocolRow: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rule: SubprotocolRule
        let offered: [String]
        let answer: SubprotocolAnswer
    }

    @Test(arguments: [
        SubprotocolRow(
            testDescription: "our order decides", rule: SubprotocolRule(names: ["b", "a"]),
            offered: ["a", "b"],
            answer: .answer("b")),
        SubprotocolRow(
            testDescription: "required and there", rule: SubprotocolRule(names: ["a"], isRequired: true),
            offered: ["x", "a"], answer: .answer("a")),
        SubprotocolRow(
            testDescription: "nothing of either", rule: SubprotocolRule(), offered: [], answer: .none),
        SubprotocolRow(
            testDescription: "the route names none", rule: SubprotocolRule(), offered: ["a"],
            answer: .noneButOffered),
        SubprotocolRow(
            testDescription: "none common", rule: SubprotocolRule(names: ["b"]), offered: ["a"],
            answer: .noneButOffered),
        SubprotocolRow(
            testDescription: "case differs", rule: SubprotocolRule(names: ["A"]), offered: ["a"],
            answer: .noneButOffered),
        SubprotocolRow(
            testDescription: "none offered", rule: SubprotocolRule(names: ["b"]), offered: [], answer: .none),
        SubprotocolRow(
            testDescription: "required, none common", rule: SubprotocolRule(names: ["b"], isRequired: true),
            offered: ["a"], answer: .refused(.subprotocolRequired)),
        SubprotocolRow(
            testDescription: "required, none offered", rule: SubprotocolRule(names: ["b"], isRequired: true),
            offered: [], answer: .refused(.subprotocolRequired)),
    ])
    func subprotocol(_ row: SubprotocolRow) {
        #expect(row.rule.answer(to: row.offered) == row.answer)
    }
}
