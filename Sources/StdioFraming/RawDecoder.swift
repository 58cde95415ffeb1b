/// `raw`: each input is one message; as TEXT it ends between characters and the open one waits for its rest.
struct RawDecoder: Sendable {
    let kind: MessageKind
    private var carried = CarriedBytes()

    init(kind: MessageKind) { self.kind = kind }

    var isBetweenRecords: Bool { self.carried.isEmpty }

    mutating func next(_ input: borrowing Span<UInt8>, at offset: inout Int) -> RecordPiece? {
        guard offset < input.count else { return nil }
        let start = offset
        offset = input.count
        let tail = self.kind == .text ? UTF8Sequence.openTail(self.carried, input, from: start) : 0
        // Carried bytes are the start of one character, so the open tail is either all there is or input
        // alone.
        if tail == self.carried.count + (input.count - start) {
            for index in start..<input.count { self.carried.append(input[index]) }
            return nil
        }
        let before = self.carried.take()
        let end = input.count - tail
        for index in end..<input.count { self.carried.append(input[index]) }
        return RecordPiece(kind: self.kind, carried: before, range: start..<end, begins: true, ends: true)
    }

    /// The bytes of a character that never became whole are delivered too; repairing text is the caller's
    /// business.
    mutating func finish() -> RecordPiece? {
        guard !self.carried.isEmpty else { return nil }
        return RecordPiece(
            kind: self.kind, carried: self.carried.take(), range: 0..<0, begins: true, ends: true)
    }
}
