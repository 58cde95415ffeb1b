import Testing
import WebSocket

@Suite struct CloseFrameTests {
    private static func parse(_ payload: [UInt8]) -> Result<CloseFrame, ProtocolViolation> {
        do throws(ProtocolViolation) {
            return .success(try CloseFrame(parsing: payload.span))
        } catch {
            return .failure(error)
        }
    }

    private static func payload(_ code: Int, _ reason: [UInt8] = []) -> [UInt8] {
        [UInt8(code >> 8), UInt8(code & 0xFF)] + reason
    }

    /// RFC 6455 7.4 and the registry, as a list of its own: every code there is.
    @Test func everyCodeIsAllowedOrNot() {
        let allowed = Set(Array(1000...1003) + Array(1007...1014) + Array(3000...4999))
        for code in 0...0xFFFF {
            let isAllowed = allowed.contains(code)
            guard CloseCode(rawValue: UInt16(code)).isAllowedOnWire == isAllowed else {
                Issue.record("code \(code)")
                continue
            }
            let expected: ProtocolViolation? = isAllowed ? nil : .closeCodeNotAllowed(UInt16(code))
            if case .failure(let violation) = Self.parse(Self.payload(code)) {
                #expect(violation == expected)
            } else {
                #expect(expected == nil)
            }
        }
    }

    @Test func readsNothingACodeAndAReason() throws {
        let empty = try Self.parse([]).get()
        #expect(empty.code == nil && empty.reason == "")
        let bare = try Self.parse([0x03, 0xE9]).get()
        #expect(bare.code == .goingAway && bare.reason == "")
        let full = try Self.parse(Self.payload(1000, Array("tschüß".utf8))).get()
        #expect(full.code == .normal && full.reason == "tschüß")
        let longest = try Self.parse(Self.payload(4999, [UInt8](repeating: 0x61, count: 123))).get()
        #expect(longest.reason.utf8.count == 123)
    }

    @Test(arguments: [
        ([0x03], ProtocolViolation.closePayloadOfOneByte),
        ([0x03, 0xE8, 0xFF], .closeReasonNotUTF8),
        ([0x03, 0xE8, 0x61, 0xE2, 0x82], .closeReasonNotUTF8),
        ([0x03, 0xED, 0xFF], .closeCodeNotAllowed(1005)),
    ] as [([UInt8], ProtocolViolation)])
    func refuses(_ payload: [UInt8], _ violation: ProtocolViolation) {
        #expect(Self.parse(payload) == .failure(violation))
    }

    @Test(arguments: [
        (CloseCode.normal, "", [0x88, 2, 0x03, 0xE8]),
        (.policyViolation, "no", [0x88, 4, 0x03, 0xF0, 0x6E, 0x6F]),
        (.noStatus, "", [0x88, 2, 0x03, 0xF3]),
        (.abnormal, "", [0x88, 2, 0x03, 0xF3]),
        (CloseCode(rawValue: 1015), "", [0x88, 2, 0x03, 0xF3]),
        (CloseCode(rawValue: 0), "", [0x88, 2, 0x03, 0xF3]),
    ] as [(CloseCode, String, [UInt8])])
    func encodesAndNeverACodeThatMustNotTravel(_ code: CloseCode, _ reason: String, _ wire: [UInt8]) {
        #expect(CloseFrame(code: code, reason: reason).encoded == wire)
    }

    @Test(arguments: [
        (String(repeating: "a", count: 123), 123), (String(repeating: "a", count: 124), 123),
        (String(repeating: "é", count: 62), 122), (String(repeating: "😀", count: 40), 120),
        ("a" + String(repeating: "😀", count: 40), 121),
        // One character of 401 bytes: nothing of it can be kept.
        ("e" + String(repeating: "\u{301}", count: 200), 0),
        // CR LF is one character.
        (String(repeating: "a", count: 122) + "\r\n", 122),
    ])
    func aReasonIsCutOnACharacter(_ reason: String, _ count: Int) {
        let frame = CloseFrame(code: .normal, reason: reason)
        #expect(frame.reason.utf8.count == count)
        #expect(reason.hasPrefix(frame.reason))
        #expect(frame.encoded.count == 4 + count)
        #expect(frame.encoded[1] == UInt8(2 + count))
    }

    @Test func theEchoHasTheCodeAndNoReason() throws {
        #expect(try Self.parse(Self.payload(4321, Array("why".utf8))).get().echo.encoded == [0x88, 2, 0x10, 0xE1])
        #expect(try Self.parse([]).get().echo.encoded == [0x88, 0])
    }
}
