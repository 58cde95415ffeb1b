@testable import StdioFraming
import Testing

/// A message and the bytes the program must read for it.
struct EncoderRow: CustomTestStringConvertible, Sendable {
    var name: String
    var framing: Framing
    var kind = MessageKind.text
    var innerNewline = InnerNewline.refuse
    var payload: String
    var expected: Result<[UInt8], RecordViolation>

    static func record(
        _ name: String, _ framing: Framing, _ payload: String, _ expected: String,
        _ inner: InnerNewline = .refuse
    ) -> Self {
        Self(
            name: name, framing: framing, innerNewline: inner, payload: payload,
            expected: .success(Array(expected.utf8)))
    }
    static func bytes(
        _ name: String, _ framing: Framing, _ kind: MessageKind, _ payload: String, _ expected: [UInt8]
    ) -> Self {
        Self(name: name, framing: framing, kind: kind, payload: payload, expected: .success(expected))
    }
    static func refused(_ name: String, _ framing: Framing, _ payload: String, _ why: RecordViolation) -> Self
    {
        Self(name: name, framing: framing, payload: payload, expected: .failure(why))
    }

    var testDescription: String { self.name }

    func encode() -> Result<[UInt8], RecordViolation> {
        let encoder = RecordEncoder(framing: self.framing, innerNewline: self.innerNewline)
        var payload = Array(self.payload.utf8)
        do throws(RecordViolation) {
            var mutable = payload.mutableSpan
            let count = try encoder.prepare(&mutable)
            let prefix = try encoder.prefix(kind: self.kind, payloadCount: count)
            var record = (0..<prefix.count).map { prefix[$0] }
            record += payload[..<count]
            if let suffix = encoder.suffix { record.append(suffix) }
            return .success(record)
        } catch {
            return .failure(error)
        }
    }
}

let encoderRows: [EncoderRow] = [
    .record("line", .lines, "ab", "ab\n"),
    .record("empty line", .lines, "", "\n"),
    .record("trailing LF is not doubled", .lines, "ab\n", "ab\n"),
    .record("trailing CRLF is one newline", .lines, "ab\r\n", "ab\n"),
    .record("only LF", .lines, "\n", "\n"),
    .refused("two trailing LF", .lines, "ab\n\n", .innerNewline),
    .refused("inner LF", .lines, "a\nb", .innerNewline),
    .refused("inner CR", .lines, "a\rb", .innerNewline),
    .refused("trailing CR alone", .lines, "a\r", .innerNewline),
    .refused("inner newline far behind", .lines, String(repeating: "x", count: 100) + "\nb", .innerNewline),
    .record("pass", .lines, "a\nb\rc\n", "a\nb\rc\n", .pass),
    .record("space", .lines, "a\r\nb\rc\n\n", "a  b c \n", .space),
    .record("null", .null, "a\nb", "a\nb\0"),
    .refused("inner NUL", .null, "a\0b", .innerNull),
    .refused("trailing NUL", .null, "a\0", .innerNull),
    .record("raw", .raw, "a\nb\0", "a\nb\0"),
    .bytes("length", .lengthPrefixed, .text, "abc", [0, 0, 0, 3, 97, 98, 99]),
    .bytes(
        "length of two bytes", .lengthPrefixed, .text, String(repeating: "x", count: 258),
        [0, 0, 1, 2] + [UInt8](repeating: 120, count: 258)),
    .bytes("typed text", .typed, .text, "a\n", [1, 0, 0, 0, 2, 97, 10]),
    .bytes("typed binary", .typed, .binary, "", [2, 0, 0, 0, 0]),
    .record("header", .contentLength, "{}", "Content-Length: 2\r\n\r\n{}"),
    .record("header of nothing", .contentLength, "", "Content-Length: 0\r\n\r\n"),
    .record(
        "header with three digits", .contentLength, String(repeating: "x", count: 120),
        "Content-Length: 120\r\n\r\n" + String(repeating: "x", count: 120)),
]

@Suite struct RecordEncoderTests {
    @Test(arguments: encoderRows)
    func theProgramReads(_ row: EncoderRow) {
        #expect(row.encode() == row.expected)
    }

    @Test(arguments: [Framing.lengthPrefixed, .typed, .contentLength])
    func thePrefixFitsItsBoundUpTo32Bits(_ framing: Framing) throws {
        let encoder = RecordEncoder(framing: framing)
        let widest = try encoder.prefix(kind: .text, payloadCount: Int(UInt32.max))
        #expect(widest.count <= RecordPrefix.bytesMax)
        #expect(throws: RecordViolation.recordTooLong(bytesMax: Int(UInt32.max))) {
            _ = try encoder.prefix(kind: .text, payloadCount: Int(UInt32.max) + 1)
        }
    }

    @Test func thePrefixIsWrittenWhereTheCallerWants() throws {
        let prefix = try RecordEncoder(framing: .typed).prefix(kind: .binary, payloadCount: 513)
        var bytes = [UInt8](repeating: 9, count: 7)
        var span = bytes.mutableSpan
        prefix.write(into: &span, at: 1)
        #expect(bytes == [9, 2, 0, 0, 2, 1, 9])
        let appended = [UInt8](capacity: 5) { prefix.append(to: &$0) }
        #expect(appended == [2, 0, 0, 2, 1])
    }

    /// What one side writes the other reads, for payloads that the framing can carry.
    @Test(arguments: Framing.allCases)
    func aProgramThatEchoesGivesTheMessageBack(_ framing: Framing) throws {
        let row = EncoderRow.bytes("", framing, .text, "héllo", [])
        let wire = try row.encode().get()
        let decoded = DecoderOptions(framing: framing, kind: .text).decode([wire])
        #expect(decoded.outcome == "[text \"héllo\"] end")
    }
}
