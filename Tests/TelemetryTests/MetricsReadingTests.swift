@testable import Telemetry
import Testing

@Suite struct MetricsReadingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let line: String
        let labels: [String]
        let value: Double

        init(_ line: String, by labels: [String] = [], _ value: Double) {
            self.line = line
            self.labels = labels
            self.value = value
        }

        var testDescription: String { self.line }
    }

    static let taken = [
        Row("m 1", 1),
        Row("  m\t 1.5e3  ", 1500),
        Row("m -2 1700000000000", -2),
        Row("m +Inf", .infinity),
        Row("m{} 1", 1),
        Row(#"m{a="1"} 1"#, by: ["a=1"], 1),
        Row(#"m { a = "1" , b="2",} 3"#, by: ["a=1", "b=2"], 3),
        Row(#"m{a="\"\\\n}"} 1"#, by: ["a=\"\\\n}"], 1),
        Row(#"m{a="",b="ü"} 0"#, by: ["a=", "b=ü"], 0),
        Row("a:b_C9 1", 1),
    ]

    @Test(arguments: taken) func aSample(_ row: Row) throws {
        let reading = try MetricsReading(parsing: Array("\n# a comment\n\(row.line)\n".utf8))
        let sample = try #require(reading.samples.first)
        #expect(reading.samples.count == 1)
        #expect(sample.labels.map { "\($0.name)=\($0.value)" } == row.labels)
        #expect(sample.value == row.value)
    }

    static let refused = [
        "m", "m x", "1m 1", "{a=\"1\"} 1", "m{a=1} 1", "m{a=\"1} 1", "m{a=\"1\" 1", "m{a=\"1\"b=\"2\"} 1", "m{,} 1",
        "m{a=\"\\x\"} 1", "m{a=\"\\", "m 1 2 3", "m 1 x", "<html>", "\u{0}", "m{=\"1\"} 1",
    ]

    @Test(arguments: refused) func noSample(_ line: String) {
        #expect(throws: MetricsViolation(line: 2)) {
            try MetricsReading(parsing: Array("a 1\n\(line)\nb 1\n".utf8))
        }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: MetricsViolation(line: 1)) {
            try MetricsReading(parsing: Array("m{a=\"".utf8) + [0xFF] + Array("\"} 1".utf8))
        }
    }

    /// Whatever is cut off or wrong in a page: a sample less, or a violation, and never a trap.
    @Test func anyPrefixAndAnyByteIsSurvived() throws {
        let page = Array("# HELP m x\n# TYPE m gauge\nm{a=\"\\\\x\",b=\"ü\"} 1.5 17\nn 2\n".utf8)
        for cut in 0...page.count { _ = try? MetricsReading(parsing: Array(page[..<cut])) }
        for index in page.indices {
            for byte in [0, 0x20, 0x22, 0x5C, 0x7B, 0x7D, 0x80, 0xFF] as [UInt8] {
                var changed = page
                changed[index] = byte
                _ = try? MetricsReading(parsing: changed)
            }
        }
        #expect(try MetricsReading(parsing: page).samples.count == 2)
    }
}
