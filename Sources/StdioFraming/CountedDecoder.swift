/// `length-prefixed`, `typed` and `content-length`: a head announces how many bytes of payload follow.
struct CountedDecoder<Head: RecordHead>: Sendable {
    private enum Progress {
        case head
        case payload(kind: MessageKind, missing: Int, begun: Bool)
    }

    private let bytesMax: Int
    private var head: Head
    private var progress = Progress.head

    init(head: Head, bytesMax: Int) {
        precondition(bytesMax >= 0 && bytesMax <= Int(UInt32.max), "limit out of its range")
        self.head = head
        self.bytesMax = bytesMax
    }

    /// How many bytes of the current record's payload have not come yet; nil between records.
    var payloadBytesMissing: Int? {
        switch self.progress {
        case .head: nil
        case .payload(_, let missing, _): missing
        }
    }

    var isBetweenRecords: Bool {
        switch self.progress {
        case .head: self.head.isEmpty
        case .payload: false
        }
    }

    /// The record that lies whole at `offset`, as nearly all do: nothing changes here then. Nil when it is another
    /// case.
    @inline(__always)
    func wholeRecord(_ input: borrowing Span<UInt8>, at offset: inout Int) -> RecordPiece? {
        guard self.isBetweenRecords, let (announced, headBytes) = self.head.whole(input, at: offset) else { return nil }
        let start = offset + headBytes
        guard announced.payloadCount <= min(self.bytesMax, input.count - start) else { return nil }
        offset = start + announced.payloadCount
        return RecordPiece(kind: announced.kind, range: start..<offset, begins: true, ends: true)
    }

    mutating func next(
        _ input: borrowing Span<UInt8>, at offset: inout Int
    ) throws(RecordViolation) -> RecordPiece? {
        switch self.progress {
        case .head:
            guard let announced = try self.head.read(input, at: &offset) else { return nil }
            // Known before any byte of it: nothing of a record that is too long is ever kept.
            guard announced.payloadCount <= self.bytesMax else {
                throw .recordTooLong(bytesMax: self.bytesMax)
            }
            return self.piece(
                input, at: &offset, announced.kind, missing: announced.payloadCount, begun: false)
        case .payload(let kind, let missing, let begun):
            return self.piece(input, at: &offset, kind, missing: missing, begun: begun)
        }
    }

    mutating func finish() throws(RecordViolation) -> RecordPiece? {
        switch self.progress {
        case .head:
            guard self.head.isEmpty else { throw .truncatedRecord }
            return nil
        case .payload:
            throw .truncatedRecord
        }
    }

    private mutating func piece(
        _ input: borrowing Span<UInt8>, at offset: inout Int, _ kind: MessageKind, missing: Int, begun: Bool
    ) -> RecordPiece? {
        let range = offset..<offset + min(missing, input.count - offset)
        let left = missing - range.count
        guard left == 0 || !range.isEmpty else {
            self.progress = .payload(kind: kind, missing: missing, begun: begun)
            return nil
        }
        offset = range.upperBound
        self.progress = left == 0 ? .head : .payload(kind: kind, missing: left, begun: true)
        return RecordPiece(kind: kind, range: range, begins: !begun, ends: left == 0)
    }
}
