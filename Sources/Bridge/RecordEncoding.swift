internal import StdioFraming
internal import WebSocket

/// Messages become records of a child's standard input.
struct RecordEncoding: PayloadEncoding {
    private let encoder: RecordEncoder
    private let refusesBinary: Bool
    /// Most framings have none, and need not make one for each message to find that out.
    private let hasPrefix: Bool
    let suffix: UInt8?
    /// Raw bytes: the child cannot tell where a message ends.
    let takesParts: Bool

    init(framing: Framing, innerNewline: InnerNewline) {
        self.encoder = RecordEncoder(framing: framing, innerNewline: innerNewline)
        self.suffix = self.encoder.suffix
        self.hasPrefix = self.encoder.hasPrefix
        self.takesParts = framing == .raw
        // LSP and DAP speak JSON: there is no place for a binary message.
        self.refusesBinary = framing == .contentLength
    }

    func prefixCount(_ type: MessageType, payloadCount: Int) -> Int {
        self.hasPrefix ? self.prefix(type, payloadCount).count : 0
    }

    func writePrefix(
        _ type: MessageType, payloadCount: Int, into window: inout MutableSpan<UInt8>, at offset: Int
    ) {
        guard self.hasPrefix else { return }
        self.prefix(type, payloadCount).write(into: &window, at: offset)
    }

    /// Lengths beyond 32 bits were refused by `prepare`, or by a message limit long before.
    private func prefix(_ type: MessageType, _ payloadCount: Int) -> RecordPrefix {
        (try? self.encoder.prefix(kind: type == .text ? .text : .binary, payloadCount: payloadCount)) ?? RecordPrefix()
    }

    func prepare(
        _ type: MessageType, _ window: inout MutableSpan<UInt8>, _ payload: Range<Int>
    ) throws(ProtocolViolation) -> Int {
        // Raw bytes mean nothing here.
        if self.takesParts { return payload.count }
        if self.refusesBinary && type == .binary { throw .unsupportedType(reason: "only text messages are taken here") }
        guard payload.count <= Int(UInt32.max) else { throw .messageTooLarge(limit: Int(UInt32.max)) }
        var bytes = window._mutatingExtracting(payload)
        do throws(RecordViolation) {
            return try self.encoder.prepare(&bytes)
        } catch {
            throw .policy(reason: error.reason)
        }
    }
}
