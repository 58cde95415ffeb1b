package import StdioFraming

/// How messages and the bytes of what stands behind a route become each other: one object a route and worker.
package final class RecordSettings {
    let encoding: RecordEncoding
    let framing: Framing
    let messageKind: MessageKind?
    let recordBytesMax: Int
    let longRecord: LongRecord
    let invalidText: InvalidText

    package init(
        framing: Framing, innerNewline: InnerNewline, messageKind: MessageKind?, recordBytesMax: Int,
        longRecord: LongRecord, invalidText: InvalidText
    ) {
        self.encoding = RecordEncoding(framing: framing, innerNewline: innerNewline)
        self.framing = framing
        self.messageKind = messageKind
        self.recordBytesMax = recordBytesMax
        self.longRecord = longRecord
        self.invalidText = invalidText
    }

    /// Whether each read is a message as it is: nothing has to be remembered from one to the next.
    var passesReads: Bool { self.framing == .raw && self.messageKind != .text }
}
