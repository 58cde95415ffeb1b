import Telemetry
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000Z"), (-1, 999_999_999, "1969-12-31T23:59:59.999Z"),
            (951_782_399, 0, "2000-02-28T23:59:59.000Z"), (951_782_400, 0, "2000-02-29T00:00:00.000Z"),
            (951_868_800, 0, "2000-03-01T00:00:00.000Z"), (1_709_164_800, 0, "2024-02-29T00:00:00.000Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00.000Z"), (4_107_456_000, 0, "2100-02-28T00:00:00.000Z"),
            (1_767_225_599, 1_000_000, "2025-12-31T23:59:59.001Z"),
            (253_402_300_799, 0, "9999-12-31T23:59:59.000Z"),
            (253_402_300_800, 0, "10000-01-01T00:00:00.000Z"),
            (-62_167_219_200, 0, "0000-01-01T00:00:00.000Z"),
            (0, UInt32.max, "1970-01-01T00:00:00.999Z"),
        ] as [(Int64, UInt32, String)])
    func isTheCivilDate(_ seconds: Int64, _ nanoseconds: UInt32, _ expected: String) {
        #expect(Self.rendered(Timestamp(seconds: seconds, nanoseconds: nanoseconds)) == expected)
    }

    @Test(arguments: [Int64.min, Int64.max]) func noMomentTraps(_ seconds: Int64) {
        #expect(Self.rendered(Timestamp(seconds: seconds)).hasSuffix("Z"))
    }

    /// Day by day through a whole era of 400 years: every date is the successor of the one before.
    @Test func everyDayFollowsTheOneBefore() {
        let monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var (year, month, day) = (1970, 1, 1)
        for number in 0..<Int64(146_097) {
            let date = Self.rendered(Timestamp(seconds: number * 86_400)).prefix(10)
            let expected = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
            guard date == expected else {
                Issue.record("day \(number): \(date) instead of \(expected)")
                return
            }
            let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
            let monthLength = month == 2 && isLeap ? 29 : monthLengths[month - 1]
            (day, month) = day == monthLength ? (1, month + 1) : (day + 1, month)
            if month == 13 { (month, year) = (1, year + 1) }
        }
    }

    private static func rendered(_ timestamp: Timestamp) -> String {
        var bytes: [UInt8] = []
        timestamp.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

@Suite struct HexIDTests {
    @Test func has32LowerCaseDigits() {
        #expect(HexID(high: 0, low: 0).description == String(repeating: "0", count: 32))
        #expect(HexID(high: .max, low: .max).description == String(repeating: "f", count: 32))
        #expect(
            HexID(high: 0x0123_4567_89AB_CDEF, low: 0x8).description == "0123456789abcdef0000000000000008")
    }
}

@Suite struct SessionCountersTests {
    @Test func countsBothWays() {
        var counters = SessionCounters()
        counters.received(payloadBytes: 3)
        counters.received(payloadBytes: 0)
        counters.sent(payloadBytes: 5)
        #expect(counters.messagesReceived == 2)
        #expect(counters.bytesReceived == 3)
        #expect(
            counters.logFields.map(\.key) == [
                "messages_received", "bytes_received", "messages_sent", "bytes_sent",
            ])
        #expect(counters.logFields.map(\.value) == [.integer(2), .integer(3), .integer(1), .integer(5)])
    }
}
