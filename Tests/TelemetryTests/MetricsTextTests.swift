@testable import Telemetry
import Testing

@Suite struct MetricsTextTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let labels: [String]
        let samples: [([String], MetricValue)]
        let text: String

        init(_ name: String, by labels: [String] = [], _ samples: [([String], MetricValue)], _ text: String...) {
            self.name = name
            self.labels = labels
            self.samples = samples
            self.text = text.map { "\($0)\n" }.joined()
        }

        var testDescription: String { self.name }
    }

    static let rows = [
        Row("plain", [([], .count(7 as UInt64))], "m 7"),
        Row("the largest number that is a signed one too", [([], .count(UInt64.max))], "m 9223372036854775807"),
        Row("a negative count of ours is none", [([], .count(-1))], "m 0"),
        Row("a flag", [([], .flag(true))], "m 1"),
        Row("seconds, exactly", [([], .nanoseconds(1_000_000_001))], "m 1.000000001"),
        Row("less than a second", [([], .nanoseconds(20))], "m 0.000000020"),
        Row("one label", by: ["a"], [(["x"], .count(1)), (["y"], .count(2))], #"m{a="x"} 1"#, #"m{a="y"} 2"#),
        Row("two labels", by: ["a", "b"], [(["x", ""], .count(1))], #"m{a="x",b=""} 1"#),
        Row("a quote, a backslash, a line feed", by: ["a"], [(["\"\\\n"], .count(1))], #"m{a="\"\\\n"} 1"#),
        Row("other control characters and letters stay", by: ["a"], [(["\tü\r"], .count(1))], "m{a=\"\tü\r\"} 1"),
    ]

    @Test(arguments: rows) func sampleLines(_ row: Row) {
        let definition = MetricDefinition("m", .gauge, by: row.labels, "A \"help\" with \\ and\nanother line.")
        var family = MetricFamily(definition)
        for (labels, value) in row.samples { family.add(labels, value) }
        let head = "# HELP m A \"help\" with \\\\ and\\nanother line.\n# TYPE m gauge\n"
        #expect(family.text == head + row.text)
    }

    @Test func whatWasNotMeasuredIsLeftOut() {
        #expect(MetricFamily(MetricDefinition("m", .counter, "Nothing.")).text == "")
    }

    /// What is written can be read again, whatever an operator calls a route.
    @Test(arguments: ["/", "a b", "{}", "\"", "\\", "\n", "\\n", "a,b=\"c\"", "#", "", "ü\u{1F600}\u{0}"])
    func aRouteComesBackAsItWas(route: String) throws {
        var count = ServerCount(version: "1", startedAt: 0)
        var tally = WorkerTally()
        var own = RouteTally(route: route)
        own.sessionsStarted = 3
        tally.routes = [own]
        count.workers = [ServerCount.Worker(isUp: true, tally: tally)]
        let reading = try MetricsReading(parsing: count.metricsText)
        let sample = try #require(reading.all("wsbridge_sessions_started_total").first)
        #expect(sample.label("route") == route)
        #expect(sample.value == 3)
    }
}

extension MetricFamily {
    fileprivate var text: String {
        var bytes: [UInt8] = []
        self.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
