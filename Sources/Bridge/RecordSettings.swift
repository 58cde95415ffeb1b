package import StdioFraming

/// How messages and the bytes of what stands behind a route become each other: one object a route and worker.
package final class RecordSettings {
    let encoding: RecordEncoding
    /// As it is between two records.
    let decoder: RecordDecoder
    /// Whether each read is a message as it is.
    let passesReads: Bool
    let invalidText: InvalidText

    package init(
        framing: Framing, innerNewline: InnerNewline, messageKind: MessageKind?, recordBytesMax: Int,
        longRecord: LongRecord, invalidText: InvalidText
    ) {
        self.encoding = RecordEncoding(framing: framing, innerNewline: innerNewline)
        self.decoder = RecordDecoder(
            framing: framing, kind: messageKind, recordBytesMax: recordBytesMax, longRecord: longRecord)
        self.passesReads = framing == .raw && messageKind != .text
        self.invalidText = invalidText
    }
}
