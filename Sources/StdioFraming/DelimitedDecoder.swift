/// `lines` and `null`: a record ends at a byte.
///
///     | delivered | carried | input[offset..<end] | CR? | delimiter |
///     delivered + carried + (end - offset) <= recordBytesMax
struct DelimitedDecoder: Sendable {
    /// How far the record is that the next byte belongs to.
    private enum Progress {
        case between
        case inside(delivered: Int)
    }

    private let delimiter: UInt8
    private let stripsCarriageReturn: Bool
    private let kind: MessageKind
    private let bytesMax: Int
    private let longRecord: LongRecord
    private var progress = Progress.between
    private var carried = CarriedBytes()

    init(
        delimiter: UInt8, stripsCarriageReturn: Bool, kind: MessageKind, bytesMax: Int, longRecord: LongRecord
    ) {
        // A limit below one character could not be split without cutting it.
        precondition(bytesMax >= 4 && bytesMax <= Int(UInt32.max), "limit out of its range")
        self.delimiter = delimiter
        self.stripsCarriageReturn = stripsCarriageReturn
        self.kind = kind
        self.bytesMax = bytesMax
        self.longRecord = longRecord
    }

    var isBetweenRecords: Bool {
        switch self.progress {
        case .between: self.carried.isEmpty
        case .inside: false
        }
    }

    private var delivered: Int {
        switch self.progress {
        case .between: 0
        case .inside(let delivered): delivered
        }
    }

    /// The record that lies whole at `offset`, as nearly all do: nothing changes here then. Nil when it is another
    /// case; `searched` is then how far there is no terminator.
    @inline(__always)
    func wholeRecord(
        _ input: borrowing Span<UInt8>, at offset: inout Int, searched: inout Int
    ) -> RecordPiece? {
        guard self.isBetweenRecords else { return nil }
        let searchEnd = self.searchEnd(input, from: offset)
        guard let terminator = ByteSearch.first(self.delimiter, in: input, offset..<searchEnd) else {
            searched = searchEnd
            return nil
        }
        var end = terminator
        if self.stripsCarriageReturn, end > offset, input[end - 1] == Byte.carriageReturn { end -= 1 }
        guard end - offset <= self.bytesMax else { return nil }
        let range = offset..<end
        offset = terminator + 1
        return RecordPiece(kind: self.kind, range: range, begins: true, ends: true)
    }

    /// `searched`: from `offset` to there is no terminator.
    mutating func next(
        _ input: borrowing Span<UInt8>, at offset: inout Int, searched: Int
    ) throws(RecordViolation) -> RecordPiece? {
        guard offset < input.count else { return nil }
        let searchEnd = self.searchEnd(input, from: offset)
        if let terminator = ByteSearch.first(self.delimiter, in: input, searched..<searchEnd) {
            return try self.complete(input, at: &offset, terminator: terminator)
        }
        guard searchEnd == input.count else { return try self.tooLong(input, at: &offset) }
        return try self.advance(input, at: &offset)
    }

    /// Two more bytes than fit (CR and delimiter) settle that a record is too long: looking further would make
    /// splitting a long input quadratic.
    @inline(__always)
    private func searchEnd(_ input: borrowing Span<UInt8>, from offset: Int) -> Int {
        offset + min(input.count - offset, self.bytesMax - self.delivered + 2)
    }

    /// Call until nil: what the program wrote without a terminator is a record too.
    mutating func finish() throws(RecordViolation) -> RecordPiece? {
        if self.isBetweenRecords { return nil }
        guard self.delivered + self.carried.count <= self.bytesMax else {
            guard self.longRecord == .split else { throw .recordTooLong(bytesMax: self.bytesMax) }
            return self.piece(0..<0, carried: CarriedBytes(), ends: true)
        }
        return self.piece(0..<0, carried: self.carried.take(), ends: true)
    }
}

extension DelimitedDecoder {
    /// The terminator is in the input.
    private mutating func complete(
        _ input: borrowing Span<UInt8>, at offset: inout Int, terminator: Int
    ) throws(RecordViolation) -> RecordPiece {
        var end = terminator
        if self.stripsCarriageReturn {
            if end > offset {
                if input[end - 1] == Byte.carriageReturn { end -= 1 }
            } else if self.carried.count == 1, self.carried[0] == Byte.carriageReturn {
                self.carried = CarriedBytes()
            }
        }
        guard self.delivered + self.carried.count + (end - offset) <= self.bytesMax else {
            return try self.tooLong(input, at: &offset)
        }
        let range = offset..<end
        offset = terminator + 1
        return self.piece(range, carried: self.carried.take(), ends: true)
    }

    /// The input ends inside the record: everything is delivered but the bytes whose meaning is still open.
    private mutating func advance(
        _ input: borrowing Span<UInt8>, at offset: inout Int
    ) throws(RecordViolation) -> RecordPiece? {
        let tail = self.openTail(input, from: offset)
        if tail == self.carried.count + (input.count - offset) {
            for index in offset..<input.count { self.carried.append(input[index]) }
            offset = input.count
            return nil
        }
        let end = input.count - tail
        guard self.delivered + self.carried.count + (end - offset) <= self.bytesMax else {
            return try self.tooLong(input, at: &offset)
        }
        let range = offset..<end
        offset = input.count
        let before = self.carried.take()
        for index in end..<input.count { self.carried.append(input[index]) }
        return self.piece(range, carried: before, ends: false)
    }

    /// How many of the last bytes may not be delivered yet: a CR that LF may follow, or the start of a
    /// character that a cut right behind it would destroy.
    private func openTail(_ input: borrowing Span<UInt8>, from offset: Int) -> Int {
        if self.stripsCarriageReturn, input[input.count - 1] == Byte.carriageReturn { return 1 }
        switch self.longRecord {
        case .close: return 0
        case .split: return UTF8Sequence.openTail(self.carried, input, from: offset)
        }
    }

    /// More bytes are known to follow than the record may have: refuses it, or ends a part before the
    /// character that does not fit.
    private mutating func tooLong(
        _ input: borrowing Span<UInt8>, at offset: inout Int
    ) throws(RecordViolation) -> RecordPiece {
        guard self.longRecord == .split else { throw .recordTooLong(bytesMax: self.bytesMax) }
        let room = self.bytesMax - self.delivered
        let none = CarriedBytes()
        guard self.carried.count <= room else {
            return self.piece(offset..<offset, carried: none, ends: true)
        }
        let limit = offset + (room - self.carried.count)
        var lead = limit
        while lead > offset, limit - lead < 3, UTF8Sequence.isContinuation(input[lead]) { lead -= 1 }
        var cut = limit
        // What is not UTF-8 is cut at the limit, wherever the pipe has cut it before.
        if !UTF8Sequence.isContinuation(input[lead]) {
            if UTF8Sequence.length(lead: input[lead]) > limit - lead { cut = lead }
        } else if lead == offset, !self.carried.isEmpty, self.delivered > 0,
            UTF8Sequence.length(lead: self.carried[0]) > self.carried.count + (limit - offset)
        {
            // The character began in the carried bytes, which then open the next part.
            return self.piece(offset..<offset, carried: none, ends: true)
        }
        let range = offset..<cut
        offset = cut
        return self.piece(range, carried: self.carried.take(), ends: true)
    }

    private mutating func piece(_ range: Range<Int>, carried: CarriedBytes, ends: Bool) -> RecordPiece {
        let count = carried.count + range.count
        let begins: Bool
        switch self.progress {
        case .between:
            begins = true
            self.progress = ends ? .between : .inside(delivered: count)
        case .inside(let delivered):
            begins = false
            self.progress = ends ? .between : .inside(delivered: delivered + count)
        }
        return RecordPiece(kind: self.kind, carried: carried, range: range, begins: begins, ends: ends)
    }
}
