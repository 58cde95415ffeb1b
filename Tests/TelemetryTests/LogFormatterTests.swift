import Telemetry
import Testing

@Suite struct LogFormatterTests {
    private static let time = Timestamp(seconds: 1_795_374_698, nanoseconds: 123_999_999)

    private static func text(_ record: LogRecord, usesColor: Bool = false) -> String {
        String(decoding: LogFormatter(format: .text, usesColor: usesColor).line(record), as: UTF8.self)
    }

    private static func json(_ record: LogRecord) -> String {
        String(decoding: LogFormatter(format: .json).line(record), as: UTF8.self)
    }

    private static let record = LogRecord(
        time: time, level: .info, message: "session opened",
        fields: [
            LogField("route", .string("/")), LogField("id", .id(HexID(high: 1, low: 0xABCD_EF00_0000_0002))),
            LogField("bytes", .integer(-5)), LogField("duration_ms", .milliseconds(12.3456)),
            LogField("tls", .boolean(true)),
        ])

    @Test func textLine() {
        #expect(
            Self.text(Self.record) == """
                2026-11-22T19:11:38.123Z info  session opened route=/ id=0000000000000001abcdef0000000002 \
                bytes=-5 duration_ms=12.346 tls=true\n
                """)
    }

    @Test func jsonLine() {
        #expect(
            Self.json(Self.record) == """
                {"time":"2026-11-22T19:11:38.123Z","level":"info","message":"session opened","route":"/",\
                "id":"0000000000000001abcdef0000000002","bytes":-5,"duration_ms":12.346,"tls":true}\n
                """)
    }

    @Test(arguments: [
        (LogLevel.error, "error ", "31"), (.warning, "warn  ", "33"), (.info, "info  ", "32"),
        (.debug, "debug ", "2"),
    ])
    func levelsLineUp(_ level: LogLevel, _ label: String, _ color: String) {
        let record = LogRecord(
            time: Self.time, level: level, message: "m", fields: [LogField("k", .integer(1))])
        #expect(Self.text(record) == "2026-11-22T19:11:38.123Z \(label)m k=1\n")
        let word = label.prefix { $0 != " " }
        let padding = label.dropFirst(word.count)
        let colored = Self.text(record, usesColor: true)
        #expect(
            colored
                == "\u{1B}[2m2026-11-22T19:11:38.123Z\u{1B}[0m \u{1B}[\(color)m\(word)\u{1B}[0m\(padding)m "
                + "\u{1B}[2mk\u{1B}[0m=1\n")
        #expect(Self.json(record).contains("\"level\":\"\(level.rawValue)\""))
    }

    struct EscapeRow: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: LogValue
        let text: String
        let json: String

        init(_ name: String, _ value: LogValue, text: String, json: String) {
            self.testDescription = name
            self.value = value
            self.text = text
            self.json = json
        }
    }

    @Test(arguments: [
        EscapeRow("plain", .string("a/b"), text: "a/b", json: "\"a/b\""),
        EscapeRow("empty", .string(""), text: "\"\"", json: "\"\""),
        EscapeRow("space", .string("a b"), text: "\"a b\"", json: "\"a b\""),
        EscapeRow("another field", .string("a=b"), text: "\"a=b\"", json: "\"a=b\""),
        EscapeRow("quote", .string("a\" x=\""), text: #""a\" x=\"""#, json: #""a\" x=\"""#),
        EscapeRow("backslash", .string("a\\n"), text: #""a\\n""#, json: #""a\\n""#),
        EscapeRow("line break", .string("a\r\nb\t"), text: #""a\r\nb\t""#, json: #""a\r\nb\t""#),
        EscapeRow("NUL", .string("a\u{0}"), text: #""a\x00""#, json: #""a\u0000""#),
        EscapeRow("escape", .string("\u{1B}[2J"), text: #""\x1b[2J""#, json: #""\u001b[2J""#),
        EscapeRow("DEL", .string("\u{7F}"), text: #""\x7f""#, json: #""\u007f""#),
        EscapeRow("C1 control", .string("\u{9B}2J"), text: #""\x9b2J""#, json: #""\u009b2J""#),
        EscapeRow("line separator", .string("\u{2028}"), text: #""\u2028""#, json: #""\u2028""#),
        EscapeRow("right to left", .string("\u{202E}x"), text: #""\u202ex""#, json: #""\u202ex""#),
        EscapeRow("letters of others", .string("é漢😀"), text: "\"é漢😀\"", json: "\"é漢😀\""),
        EscapeRow("not UTF-8", .bytes([0x61, 0xFF]), text: "\"a\u{FFFD}\"", json: "\"a\u{FFFD}\""),
        EscapeRow("bytes", .bytes([0x61, 0x0A]), text: #""a\n""#, json: #""a\n""#),
        EscapeRow("no number", .milliseconds(.nan), text: "null", json: "null"),
        EscapeRow("infinite", .milliseconds(-.infinity), text: "null", json: "null"),
        EscapeRow("too large", .milliseconds(1e300), text: "null", json: "null"),
        EscapeRow("negative", .milliseconds(-0.0015), text: "-0.002", json: "-0.002"),
        EscapeRow("nearly zero", .milliseconds(-0.0001), text: "0.000", json: "0.000"),
        EscapeRow("rounds up", .milliseconds(0.9999), text: "1.000", json: "1.000"),
        EscapeRow(
            "smallest", .integer(.min), text: "-9223372036854775808", json: "-9223372036854775808"),
    ])
    func valuesAreEscaped(_ row: EscapeRow) {
        let record = LogRecord(
            time: Self.time, level: .info, message: "m", fields: [LogField("k", row.value)])
        #expect(Self.text(record) == "2026-11-22T19:11:38.123Z info  m k=\(row.text)\n")
        let start = "{\"time\":\"2026-11-22T19:11:38.123Z\",\"level\":\"info\",\"message\":\"m\","
        #expect(Self.json(record) == start + "\"k\":\(row.json)}\n")
    }

    @Test func messageCannotForgeALine() {
        let record = LogRecord(time: Self.time, level: .info, message: "a\nb\u{1B}")
        #expect(Self.text(record) == "2026-11-22T19:11:38.123Z info  a\\nb\\x1b\n")
    }

    @Test(arguments: [0, 1, 2, 3])
    func longValuesAreCutOnACharacter(_ offset: Int) {
        let long = String(repeating: "a", count: offset) + String(repeating: "😀", count: 1000)
        let shown =
            String(repeating: "a", count: offset)
            + String(repeating: "😀", count: (1024 - offset) / 4) + "…"
        for value in [LogValue.string(long), .bytes(Array(long.utf8))] {
            let record = LogRecord(
                time: Self.time, level: .info, message: "m", fields: [LogField("k", value)])
            #expect(Self.text(record) == "2026-11-22T19:11:38.123Z info  m k=\"\(shown)\"\n")
        }
    }

    @Test(arguments: [1023, 1024]) func valuesUpToTheLimitAreWhole(_ count: Int) {
        let value = String(repeating: "a", count: count)
        let record = LogRecord(time: Self.time, level: .info, message: value)
        #expect(Self.text(record) == "2026-11-22T19:11:38.123Z info  \(value)\n")
    }

    @Test func levelsAreOrdered() {
        #expect(LogLevel.allCases.sorted() == [.debug, .info, .warning, .error])
    }
}
