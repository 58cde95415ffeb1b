/// The head of `content-length` records as LSP and DAP write it: `Name: value` lines and an empty line,
/// each ended by CRLF. Content-Length is required once, in any case of letters; other fields are skipped.
struct HeaderBlock: RecordHead {
    /// Real blocks have 20 to 90 bytes; the bound keeps a program that writes something else from being
    /// read for ever.
    static let bytesMax = 4096

    /// Where in the block the next byte stands.
    private enum Position {
        case lineStart
        case name(matched: Int?)
        case beforeNumber
        case number(Int)
        case afterNumber(Int)
        case otherValue
        case lineEnd
        case blockEnd
    }

    private static let lengthName = Array("content-length".utf8)
    private static let numberMax = Int(UInt32.max)

    private let kind: MessageKind
    private var position = Position.lineStart
    private var bytesRead = 0
    private var length: Int?

    init(kind: MessageKind) { self.kind = kind }

    var isEmpty: Bool { self.bytesRead == 0 }

    /// What nearly all programs write: this one field, spelt like that, with one space and few digits.
    @inline(__always)
    func whole(
        _ input: borrowing Span<UInt8>, at offset: Int
    ) -> (announcement: RecordAnnouncement, headBytes: Int)? {
        let bytes = input.extracting(offset...)
        guard bytes.count > Self.usualStart.count + Self.usualDigitsMax + Self.usualEnd.count else { return nil }
        for index in 0..<Self.usualStart.count where bytes[index] != Self.usualStart[index] { return nil }
        var (end, length) = (Self.usualStart.count, 0)
        while Self.isDigit(bytes[end]), end < Self.usualStart.count + Self.usualDigitsMax {
            length = length * 10 + Int(bytes[end] - Byte.zero)
            end += 1
        }
        guard end > Self.usualStart.count else { return nil }
        for index in 0..<Self.usualEnd.count where bytes[end + index] != Self.usualEnd[index] { return nil }
        return (RecordAnnouncement(kind: self.kind, payloadCount: length), end + Self.usualEnd.count)
    }

    /// "Content-Length: "
    static let usualStart: InlineArray<16, UInt8> = [
        0x43, 0x6F, 0x6E, 0x74, 0x65, 0x6E, 0x74, 0x2D, 0x4C, 0x65, 0x6E, 0x67, 0x74, 0x68, 0x3A, 0x20,
    ]
    private static let usualDigitsMax = 9
    static let usualEnd: InlineArray<4, UInt8> = [0x0D, 0x0A, 0x0D, 0x0A]

    mutating func read(
        _ input: borrowing Span<UInt8>, at offset: inout Int
    ) throws(RecordViolation) -> RecordAnnouncement? {
        while offset < input.count {
            guard self.bytesRead < Self.bytesMax else { throw .header(.tooLong(bytesMax: Self.bytesMax)) }
            let byte = input[offset]
            offset += 1
            self.bytesRead += 1
            if case .blockEnd = self.position {
                guard byte == Byte.lineFeed else { throw .header(.malformed) }
                guard let length = self.length else { throw .header(.lengthMissing) }
                self = HeaderBlock(kind: self.kind)
                return RecordAnnouncement(kind: self.kind, payloadCount: length)
            }
            self.position = try self.position(after: byte)
        }
        return nil
    }

    private mutating func position(after byte: UInt8) throws(RecordViolation) -> Position {
        switch self.position {
        case .lineStart:
            return byte == Byte.carriageReturn ? .blockEnd : try Self.name(matched: 0, byte)
        case .name(let matched):
            guard byte == Byte.colon else { return try Self.name(matched: matched, byte) }
            guard matched == Self.lengthName.count else { return .otherValue }
            guard self.length == nil else { throw .header(.lengthRepeated) }
            return .beforeNumber
        case .beforeNumber:
            return Self.isBlank(byte) ? .beforeNumber : .number(try Self.number(0, byte))
        case .number(let value):
            if Self.isBlank(byte) { return .afterNumber(value) }
            return byte == Byte.carriageReturn
                ? self.lineEnd(length: value) : .number(try Self.number(value, byte))
        case .afterNumber(let value):
            if Self.isBlank(byte) { return .afterNumber(value) }
            guard byte == Byte.carriageReturn else { throw .header(.malformed) }
            return self.lineEnd(length: value)
        case .otherValue:
            if byte == Byte.carriageReturn { return .lineEnd }
            guard byte >= Byte.space || byte == Byte.tab else { throw .header(.malformed) }
            return .otherValue
        case .lineEnd, .blockEnd:
            guard byte == Byte.lineFeed else { throw .header(.malformed) }
            return .lineStart
        }
    }

    private mutating func lineEnd(length: Int) -> Position {
        self.length = length
        return .lineEnd
    }

    /// One more byte of a field name; `matched` counts how much of `content-length` it has spelt, nil when
    /// another.
    private static func name(matched: Int?, _ byte: UInt8) throws(RecordViolation) -> Position {
        let lower = byte | 0x20
        let isLetter = lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
        guard isLetter || byte == UInt8(ascii: "-") || Self.isDigit(byte) else { throw .header(.malformed) }
        guard let matched, matched < Self.lengthName.count else { return .name(matched: nil) }
        return .name(matched: Self.lengthName[matched] == lower ? matched + 1 : nil)
    }

    /// Saturates: every limit is far below, so the decoder refuses such a number in its own words.
    private static func number(_ value: Int, _ byte: UInt8) throws(RecordViolation) -> Int {
        guard Self.isDigit(byte) else { throw .header(.malformed) }
        return min(value * 10 + Int(byte - Byte.zero), Self.numberMax + 1)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= Byte.zero && byte <= Byte.nine }
    private static func isBlank(_ byte: UInt8) -> Bool { byte == Byte.space || byte == Byte.tab }
}
