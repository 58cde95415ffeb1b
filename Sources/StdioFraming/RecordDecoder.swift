/// Finds the messages in what a program writes to its standard output, where they lie.
///
/// Feed each read as one input and call `next` until it returns nil; then the whole input has been used. At
/// the end of the output call `finish` until it returns nil. After a throw the decoder must not be used
/// again.
package struct RecordDecoder: Sendable {
    /// One kind of decoder per family of framings; the others know nothing of it.
    private enum Engine: Sendable {
        case delimited(DelimitedDecoder)
        case binaryHead(CountedDecoder<BinaryHead>)
        case headerBlock(CountedDecoder<HeaderBlock>)
        case raw(RawDecoder)
    }

    /// 1 MiB: what WebSocket libraries of browsers and servers take without being asked, and far above any
    /// line.
    package static let recordBytesStandard = 1 << 20
    /// The least limit: one UTF-8 character must fit.
    package static let recordBytesLeast = 4

    private var engine: Engine

    /// - Parameters:
    ///   - kind: nil for the framing's own; ignored by framings that settle it.
    ///   - recordBytesMax: the longest payload, from `recordBytesLeast` to what 32 bits hold; not for `raw`.
    ///   - longRecord: what follows when a delimited record is longer; counted ones are always refused.
    package init(
        framing: Framing, kind: MessageKind? = nil, recordBytesMax: Int = Self.recordBytesStandard,
        longRecord: LongRecord = .close
    ) {
        let kind = (framing.leavesKindOpen ? kind : nil) ?? framing.standardKind ?? .text
        switch framing {
        case .lines, .null:
            self.engine = .delimited(
                DelimitedDecoder(
                    delimiter: framing == .lines ? Byte.lineFeed : Byte.null,
                    stripsCarriageReturn: framing == .lines,
                    kind: kind, bytesMax: recordBytesMax, longRecord: longRecord))
        case .raw:
            self.engine = .raw(RawDecoder(kind: kind))
        case .lengthPrefixed:
            let head = BinaryHead(kindSource: .fixed(kind))
            self.engine = .binaryHead(CountedDecoder(head: head, bytesMax: recordBytesMax))
        case .typed:
            let head = BinaryHead(kindSource: .typeByte)
            self.engine = .binaryHead(CountedDecoder(head: head, bytesMax: recordBytesMax))
        case .contentLength:
            self.engine = .headerBlock(
                CountedDecoder(head: HeaderBlock(kind: kind), bytesMax: recordBytesMax))
        }
    }

    /// How many bytes of the open record's payload are still to come, where the framing announces it: a
    /// caller that must collect the record can take one block of the right size.
    package var payloadBytesMissing: Int? {
        switch self.engine {
        case .binaryHead(let decoder): decoder.payloadBytesMissing
        case .headerBlock(let decoder): decoder.payloadBytesMissing
        case .delimited, .raw: nil
        }
    }

    /// Whether nothing of a record has come yet: a decoder made anew would go on the same way.
    package var isBetweenRecords: Bool {
        switch self.engine {
        case .delimited(let decoder): decoder.isBetweenRecords
        case .binaryHead(let decoder): decoder.isBetweenRecords
        case .headerBlock(let decoder): decoder.isBetweenRecords
        case .raw(let decoder): decoder.isBetweenRecords
        }
    }

    /// The next piece of a record in `input` from `offset` on; moves `offset` behind what was used.
    package mutating func next(
        _ input: borrowing Span<UInt8>, at offset: inout Int
    ) throws(RecordViolation) -> RecordPiece? {
        var searched = offset
        if let piece = self.wholeRecord(input, at: &offset, searched: &searched) { return piece }
        return try self.nextPiece(input, at: &offset, searched: searched)
    }

    /// What nearly every call gives, recognized by all that must be true of it; whatever else comes, every violation
    /// included, is left to `nextPiece`. `searched` moves on where a terminator was looked for in vain.
    @inline(__always)
    private func wholeRecord(
        _ input: borrowing Span<UInt8>, at offset: inout Int, searched: inout Int
    ) -> RecordPiece? {
        switch self.engine {
        case .delimited(let decoder): decoder.wholeRecord(input, at: &offset, searched: &searched)
        case .binaryHead(let decoder): decoder.wholeRecord(input, at: &offset)
        case .headerBlock(let decoder): decoder.wholeRecord(input, at: &offset)
        case .raw: nil
        }
    }

    @inline(never)
    private mutating func nextPiece(
        _ input: borrowing Span<UInt8>, at offset: inout Int, searched: Int
    ) throws(RecordViolation) -> RecordPiece? {
        switch self.engine {
        case .delimited(var decoder):
            let piece = try decoder.next(input, at: &offset, searched: searched)
            self.engine = .delimited(decoder)
            return piece
        case .binaryHead(var decoder):
            let piece = try decoder.next(input, at: &offset)
            self.engine = .binaryHead(decoder)
            return piece
        case .headerBlock(var decoder):
            let piece = try decoder.next(input, at: &offset)
            self.engine = .headerBlock(decoder)
            return piece
        case .raw(var decoder):
            let piece = decoder.next(input, at: &offset)
            self.engine = .raw(decoder)
            return piece
        }
    }

    /// The output has ended: the last record without a terminator is delivered, a cut off counted one is a
    /// violation.
    package mutating func finish() throws(RecordViolation) -> RecordPiece? {
        switch self.engine {
        case .delimited(var decoder):
            let piece = try decoder.finish()
            self.engine = .delimited(decoder)
            return piece
        case .binaryHead(var decoder):
            return try decoder.finish()
        case .headerBlock(var decoder):
            return try decoder.finish()
        case .raw(var decoder):
            let piece = decoder.finish()
            self.engine = .raw(decoder)
            return piece
        }
    }
}
