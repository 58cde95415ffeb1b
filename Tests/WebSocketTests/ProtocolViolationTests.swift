import Testing
import WebSocket

/// Close codes as the contract lists them, by rule.
@Suite struct ProtocolViolationTests {
    static let rows: [(ProtocolViolation, CloseCode)] = [
        (.reservedBits, .protocolError), (.unknownOpcode(3), .protocolError), (.unmaskedFrame, .protocolError),
        (.fragmentedControlFrame, .protocolError), (.controlFrameTooLong(126), .protocolError),
        (.lengthNotMinimal, .protocolError), (.lengthMostSignificantBit, .protocolError),
        (.continuationWithoutMessage, .protocolError), (.messageWithinMessage, .protocolError),
        (.closePayloadOfOneByte, .protocolError), (.closeCodeNotAllowed(1005), .protocolError),
        (.invalidUTF8, .invalidPayload), (.closeReasonNotUTF8, .invalidPayload),
        (.tooManyFragments(limit: 1), .policyViolation), (.policy(reason: "x"), .policyViolation),
        (.unsupportedType(reason: "x"), .unsupportedData), (.outOfBuffers, .tryAgainLater),
        (.frameTooLarge(limit: .max), .messageTooBig), (.messageTooLarge(limit: .max), .messageTooBig),
    ]

    @Test(arguments: rows) func hasItsCodeAndAReasonThatFits(_ violation: ProtocolViolation, _ code: CloseCode) {
        #expect(violation.closeCode == code)
        #expect(violation.closeCode.isAllowedOnWire)
        let reason = violation.reason
        #expect(!reason.isEmpty)
        #expect(CloseFrame(code: code, reason: reason).reason == reason, "nothing is cut off")
    }
}
