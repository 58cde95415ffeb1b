@testable import StdioFraming
import Testing

/// An output and the messages it must become, however it is cut.
struct DecoderRow: CustomTestStringConvertible, Sendable {
    var name: String
    var framing: Framing
    var kind: MessageKind?
    var bytesMax = 8
    var longRecord = LongRecord.close
    var wire: [UInt8]
    var messages: [(MessageKind, [UInt8])]
    var violation: RecordViolation?

    init(
        _ name: String, _ framing: Framing, kind: MessageKind? = nil, bytesMax: Int = 8,
        longRecord: LongRecord = .close, _ wire: String, texts: [String], violation: RecordViolation? = nil
    ) {
        self.init(
            name, framing, kind: kind, bytesMax: bytesMax, longRecord: longRecord, Array(wire.utf8),
            texts.map { (kind ?? .text, Array($0.utf8)) }, violation)
    }

    init(
        _ name: String, _ framing: Framing, kind: MessageKind? = nil, bytesMax: Int = 8,
        longRecord: LongRecord = .close, _ wire: [UInt8], _ messages: [(MessageKind, [UInt8])],
        _ violation: RecordViolation? = nil
    ) {
        self.name = name
        self.framing = framing
        self.kind = kind
        self.bytesMax = bytesMax
        self.longRecord = longRecord
        self.wire = wire
        self.messages = messages
        self.violation = violation
    }

    var testDescription: String { self.name }
    var options: DecoderOptions {
        DecoderOptions(
            framing: self.framing, kind: self.kind, bytesMax: self.bytesMax, longRecord: self.longRecord)
    }
    var expected: DecodedRecords {
        DecodedRecords(
            messages: self.messages.map { .init(kind: $0.0, payload: $0.1) }, violation: self.violation)
    }
}

let tooLong = RecordViolation.recordTooLong(bytesMax: 8)

let delimitedRows: [DecoderRow] = [
    .init("nothing", .lines, "", texts: []),
    .init("two lines", .lines, "ab\ncd\n", texts: ["ab", "cd"]),
    .init("empty lines", .lines, "\n\na\n\n", texts: ["", "", "a", ""]),
    .init("CRLF", .lines, "ab\r\n\r\ncd\r\n", texts: ["ab", "", "cd"]),
    .init("CR inside is data", .lines, "a\rb\r\r\n", texts: ["a\rb\r"]),
    .init("last line without terminator", .lines, "ab\ncd", texts: ["ab", "cd"]),
    .init("last line ends in CR", .lines, "ab\r", texts: ["ab\r"]),
    .init("limit - 1", .lines, "1234567\n", texts: ["1234567"]),
    .init("limit", .lines, "12345678\nx\n", texts: ["12345678", "x"]),
    .init("limit and CRLF", .lines, "12345678\r\n", texts: ["12345678"]),
    .init("limit + 1", .lines, "x\n123456789\n", texts: ["x"], violation: tooLong),
    .init("limit, then CR as data", .lines, "12345678\rx\n", texts: [], violation: tooLong),
    .init("limit, then CR at the end", .lines, "12345678\r", texts: [], violation: tooLong),
    .init("limit without terminator", .lines, "12345678", texts: ["12345678"]),
    .init("no terminator in sight", .lines, String(repeating: "x", count: 40), texts: [], violation: tooLong),
    .init("split: limit", .lines, longRecord: .split, "12345678\nx\n", texts: ["12345678", "x"]),
    .init("split: limit and CRLF", .lines, longRecord: .split, "12345678\r\nx\n", texts: ["12345678", "x"]),
    .init("split: limit + 1", .lines, longRecord: .split, "123456789\nx\n", texts: ["12345678", "9", "x"]),
    .init(
        "split: three parts, no end", .lines, longRecord: .split, "1234567812345678ab",
        texts: ["12345678", "12345678", "ab"]),
    .init(
        "split: CR that is data", .lines, longRecord: .split, "12345678\rx\r\n", texts: ["12345678", "\rx"]),
    .init("split: CR at the end", .lines, longRecord: .split, "12345678\r", texts: ["12345678", "\r"]),
    .init(
        "split: before a character", .lines, longRecord: .split, "1234567é90é\n", texts: ["1234567", "é90é"]),
    .init("split: only wide characters", .lines, longRecord: .split, "😀€😀€€\n", texts: ["😀€", "😀€", "€"]),
    .init(
        "split: smallest limit", .lines, bytesMax: 4, longRecord: .split, "a😀bé€\n",
        texts: ["a", "😀", "bé", "€"]),
    .init(
        "split: not UTF-8", .lines, longRecord: .split, [UInt8](repeating: 0x80, count: 10) + [0x0A],
        [(.text, [UInt8](repeating: 0x80, count: 8)), (.text, [0x80, 0x80])]),
    .init(
        "split: stray continuation byte behind the limit", .null, kind: .binary, bytesMax: 4, longRecord: .split,
        Array("elas".utf8) + [0x8D], [(.binary, Array("elas".utf8)), (.binary, [0x8D])]),
    .init(
        "split: stray continuation byte behind a whole character", .lines, bytesMax: 4, longRecord: .split,
        [0x61, 0xE2, 0x82, 0xAC, 0x80, 0x62, 0x0A], [(.text, [0x61, 0xE2, 0x82, 0xAC]), (.text, [0x80, 0x62])]),
    .init("NUL", .null, "a\nb\r\0\0c\0", texts: ["a\nb\r", "", "c"]),
    .init("NUL as binary", .null, kind: .binary, "a\0", texts: ["a"]),
    .init("NUL: last without terminator", .null, "a\0bc", texts: ["a", "bc"]),
    .init("NUL: limit + 1", .null, "123456789\0", texts: [], violation: tooLong),
    .init("NUL: split", .null, longRecord: .split, "123456789\0", texts: ["12345678", "9"]),
]

let countedRows: [DecoderRow] = [
    .init("length: nothing", .lengthPrefixed, [], []),
    .init(
        "length: two and an empty one", .lengthPrefixed,
        [0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1, 9], [(.binary, [7, 8]), (.binary, []), (.binary, [9])]),
    .init("length: as text", .lengthPrefixed, kind: .text, [0, 0, 0, 1, 65], [(.text, [65])]),
    .init("length: limit - 1", .lengthPrefixed, [0, 0, 0, 7] + Array(1...7), [(.binary, Array(1...7))]),
    .init("length: limit", .lengthPrefixed, [0, 0, 0, 8] + Array(1...8), [(.binary, Array(1...8))]),
    .init("length: limit + 1, before any payload", .lengthPrefixed, [0, 0, 0, 9], [], tooLong),
    .init("length: all ones", .lengthPrefixed, [255, 255, 255, 255, 1], [], tooLong),
    .init("length: cut in the head", .lengthPrefixed, [0, 0, 0], [], .truncatedRecord),
    .init("length: cut before the payload", .lengthPrefixed, [0, 0, 0, 1], [], .truncatedRecord),
    .init("length: cut in the payload", .lengthPrefixed, [0, 0, 0, 2, 1], [], .truncatedRecord),
    .init("typed: both kinds", .typed, [1, 0, 0, 0, 1, 65, 2, 0, 0, 0, 0], [(.text, [65]), (.binary, [])]),
    .init("typed: unknown", .typed, [1, 0, 0, 0, 0, 3], [(.text, [])], .unknownMessageType(3)),
    .init("typed: limit + 1", .typed, [2, 0, 0, 0, 9], [], tooLong),
    .init("typed: cut after the type", .typed, [2], [], .truncatedRecord),
    .init(
        "header: two", .contentLength, "Content-Length: 2\r\n\r\n{}Content-Length:0\r\n\r\n",
        texts: ["{}", ""]),
    .init(
        "header: other fields, any case, blanks", .contentLength,
        "X: \r\ncontent-type: a; b=c\r\ncONTENT-lENGTH:\t1 \t\r\ncontent-length-x: 9\r\n\r\na", texts: ["a"]),
    .init("header: limit", .contentLength, "Content-Length: 8\r\n\r\n12345678", texts: ["12345678"]),
    .init("header: limit + 1", .contentLength, "Content-Length: 9\r\n\r\n", texts: [], violation: tooLong),
    .init(
        "header: 30 digits", .contentLength, "Content-Length: \(String(repeating: "9", count: 30))\r\n\r\n",
        texts: [], violation: tooLong),
    .init("header: missing", .contentLength, "A: b\r\n\r\n", texts: [], violation: .header(.lengthMissing)),
    .init(
        "header: nothing but its end", .contentLength, "\r\n", texts: [], violation: .header(.lengthMissing)),
    .init(
        "header: twice", .contentLength, "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", texts: [],
        violation: .header(.lengthRepeated)),
    .init(
        "header: bare LF", .contentLength, "Content-Length: 1\n\n", texts: [],
        violation: .header(.malformed)),
    .init(
        "header: no number", .contentLength, "Content-Length: \r\n\r\n", texts: [],
        violation: .header(.malformed)),
    .init(
        "header: two numbers", .contentLength, "Content-Length: 1 1\r\n\r\n", texts: [],
        violation: .header(.malformed)),
    .init(
        "header: negative", .contentLength, "Content-Length: -1\r\n\r\n", texts: [],
        violation: .header(.malformed)),
    .init(
        "header: space before colon", .contentLength, "Content-Length : 1\r\n", texts: [],
        violation: .header(.malformed)),
    .init("header: no colon", .contentLength, "hello\r\n", texts: [], violation: .header(.malformed)),
    .init("header: JSON without one", .contentLength, "{\"a\":1}", texts: [], violation: .header(.malformed)),
    .init(
        "header: control character in a value", .contentLength, "a: \u{1}\r\n", texts: [],
        violation: .header(.malformed)),
    .init("header: CR without LF", .contentLength, "a: b\rc", texts: [], violation: .header(.malformed)),
    .init("header: cut", .contentLength, "Content-Le", texts: [], violation: .truncatedRecord),
    .init(
        "header: endless", .contentLength, "a: " + String(repeating: "x", count: 5000), texts: [],
        violation: .header(.tooLong(bytesMax: 4096))),
]

@Suite struct RecordDecoderTests {
    @Test(arguments: delimitedRows + countedRows)
    func aWholeOutputGivesItsMessages(_ row: DecoderRow) {
        #expect(row.options.decode([row.wire]).outcome == row.expected.outcome)
    }

    @Test(arguments: delimitedRows + countedRows.filter { $0.wire.count < 1000 })
    func noCutChangesTheOutcome(_ row: DecoderRow) {
        for inputs in cuts(row.wire) {
            #expect(row.options.decode(inputs).outcome == row.expected.outcome, "cut as \(inputs)")
        }
    }

    @Test(arguments: delimitedRows + countedRows.filter { $0.wire.count < 1000 })
    func betweenRecordsAnyDecoderWillDo(_ row: DecoderRow) {
        for inputs in cuts(row.wire) {
            #expect(row.options.decode(inputs, renews: true).outcome == row.expected.outcome, "cut as \(inputs)")
        }
    }

    @Test(arguments: delimitedRows + countedRows.filter { $0.wire.count < 1000 })
    func everyPrefixSaysMoreOrTheFinalAnswer(_ row: DecoderRow) {
        for count in 0..<row.wire.count {
            let early = row.options.decode([Array(row.wire[..<count])], ends: false)
            #expect(Array(row.expected.messages.prefix(early.messages.count)) == early.messages)
            if let violation = early.violation { #expect(violation == row.violation) }
        }
    }

    /// Records that lie whole in an input are taken by a way of their own: whatever stands at whatever place of one, it
    /// gives what the same bytes give one by one.
    @Test(arguments: Framing.allCases.filter { $0 != .raw })
    func aWholeInputGivesWhatItsBytesGive(_ framing: Framing) throws {
        let encoder = RecordEncoder(framing: framing)
        let payload = Array("some text that is longer than any header".utf8)
        let prefix = try encoder.prefix(kind: .text, payloadCount: payload.count)
        let record = (0..<prefix.count).map { prefix[$0] } + payload + (encoder.suffix.map { [$0] } ?? [])
        for bytesMax in [payload.count - 1, payload.count, 64] {
            let options = DecoderOptions(framing: framing, bytesMax: bytesMax)
            for place in record.indices {
                for byte in [0x00, 0x01, 0x02, 0x09, 0x0A, 0x0D, 0x20, 0x30, 0x31, 0x35, 0x39, 0x43, 0x63] as [UInt8] {
                    var wire = record + record
                    wire[place] = byte
                    let outcome = options.decode([wire]).outcome
                    #expect(outcome == options.decode(wire.map { [$0] }).outcome, "\(byte) at \(place)")
                }
            }
        }
    }

    @Test(arguments: [0, 1, 9, 10, 999_999_999, 1_000_000_000, Int(UInt32.max)])
    func announcedLengths(_ count: Int) {
        let wire = Array("Content-Length: \(count)\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1}".utf8)
        let options = DecoderOptions(framing: .contentLength, bytesMax: 1 << 20)
        #expect(options.decode([wire]).outcome == options.decode(wire.map { [$0] }).outcome)
    }

    @Test func recordsInsideOneInputAreNeverCollected() {
        let lines = DecoderOptions(framing: .lines).decode([Array("a\r\nbc\n\n".utf8)])
        #expect(lines.wholeCount == 3)
        let typed = DecoderOptions(framing: .typed).decode([[1, 0, 0, 0, 1, 65, 2, 0, 0, 0, 0]])
        #expect(typed.wholeCount == 2)
    }

    @Test func theMissingPartOfACountedRecordIsKnown() throws {
        var decoder = RecordDecoder(framing: .lengthPrefixed)
        #expect(decoder.payloadBytesMissing == nil)
        let input: [UInt8] = [0, 0, 1, 0, 1, 2]
        var offset = 0
        let piece = try decoder.next(input.span, at: &offset)
        #expect(piece?.count == 2)
        #expect(decoder.payloadBytesMissing == 254)
    }

    @Test func splittingALongInputLooksAtEachByteOnce() {
        let wire = [UInt8](repeating: 0x78, count: 1 << 18)
        let decoded = DecoderOptions(framing: .lines, bytesMax: 4, longRecord: .split).decode([wire])
        #expect(decoded.messages.count == 1 << 16)
    }
}
