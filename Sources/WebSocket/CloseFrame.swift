/// The payload of a Close frame: a code and a reason, or nothing (RFC 6455 5.5.1).
public struct CloseFrame: Equatable, Sendable {
    /// A control frame carries 125 bytes, two of them are the code.
    public static let reasonBytesMax = 123

    /// nil: the frame is empty.
    public let code: CloseCode?
    public let reason: String

    /// A Close frame of ours. A code that must not travel becomes 1011; the reason is cut on a character.
    public init(code: CloseCode, reason: String = "") {
        self.code = code.isAllowedOnWire ? code : .internalError
        self.reason = Self.cut(reason)
    }

    private init(received code: CloseCode?, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Reads what a client sent.
    public init(parsing payload: Span<UInt8>) throws(ProtocolViolation) {
        if payload.isEmpty {
            self.init(received: nil, reason: "")
            return
        }
        guard payload.count >= 2 else { throw .closePayloadOfOneByte }
        let code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isAllowedOnWire else { throw .closeCodeNotAllowed(code.rawValue) }
        var validator = UTF8Validator()
        guard validator.consume(payload, from: 2), validator.isAtBoundary else { throw .closeReasonNotUTF8 }
        var bytes: [UInt8] = []
        for index in 2..<payload.count { bytes.append(payload[index]) }
        self.init(received: code, reason: String(decoding: bytes, as: UTF8.self))
    }

    /// What answers a received Close: its code, and no reason (RFC 6455 5.5.1).
    public var echo: CloseFrame { CloseFrame(received: self.code, reason: "") }

    /// The whole frame as the server sends it, unmasked.
    public var encoded: [UInt8] {
        var payload: [UInt8] = []
        if let code = self.code {
            payload.append(UInt8(truncatingIfNeeded: code.rawValue >> 8))
            payload.append(UInt8(truncatingIfNeeded: code.rawValue))
            payload.append(contentsOf: self.reason.utf8)
        }
        return [0x80 | Opcode.close.rawValue, UInt8(truncatingIfNeeded: payload.count)] + payload
    }

    /// The whole frame as a client sends it. What it hides from is text that somebody else chose, and here nobody did:
    /// any key will do.
    public func encoded(maskedBy key: UInt32) -> [UInt8] {
        var frame = self.encoded
        let payload = frame[2...]
        frame[1] |= 0x80
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: key >> (8 * UInt32($0))) }
        let masked = payload.enumerated().map { $1 ^ bytes[$0 % 4] }
        frame.removeLast(masked.count)
        return frame + bytes + masked
    }

    /// The longest prefix of whole characters that fits.
    private static func cut(_ reason: String) -> String {
        var reason = reason
        while reason.utf8.count > Self.reasonBytesMax { reason.removeLast() }
        return reason
    }
}
