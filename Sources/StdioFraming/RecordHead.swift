/// What stands before a counted payload, read byte by byte so that any cut of the input will do.
protocol RecordHead: Sendable {
    /// Whether no byte of a head has been read since the last record.
    var isEmpty: Bool { get }

    /// The announcement that stands whole in `input` at `offset`, and the length of its head; nil: read it, which says
    /// what is missing or wrong. To be asked only while this is empty.
    func whole(_ input: borrowing Span<UInt8>, at offset: Int) -> (announcement: RecordAnnouncement, headBytes: Int)?

    /// Consumes input from `offset` on; returns the announcement once the head is whole and is empty again
    /// then.
    mutating func read(
        _ input: borrowing Span<UInt8>, at offset: inout Int
    ) throws(RecordViolation) -> RecordAnnouncement?
}

/// A record whose head has been read and whose payload follows.
struct RecordAnnouncement: Sendable {
    let kind: MessageKind
    let payloadCount: Int
}
