internal import Calendar

/// A moment as the system clock tells it: seconds and nanoseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Sendable {
    package let seconds: Int64
    package let nanoseconds: UInt32

    package init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Appends `2026-11-22T19:11:38.123Z`: RFC 3339 in UTC, milliseconds cut and not rounded.
    package func append(to output: inout [UInt8]) {
        let (day, second) = CivilDay.split(self.seconds)
        let date = CivilDay(daysSinceEpoch: day)
        output.appendDecimal(date.year, digitsMin: 4)
        output.append(UInt8(ascii: "-"))
        output.appendDecimal(date.month, digitsMin: 2)
        output.append(UInt8(ascii: "-"))
        output.appendDecimal(date.day, digitsMin: 2)
        output.append(UInt8(ascii: "T"))
        output.appendDecimal(second / 3600, digitsMin: 2)
        output.append(UInt8(ascii: ":"))
        output.appendDecimal(second / 60 % 60, digitsMin: 2)
        output.append(UInt8(ascii: ":"))
        output.appendDecimal(second % 60, digitsMin: 2)
        output.append(UInt8(ascii: "."))
        output.appendDecimal(Int64(min(self.nanoseconds / 1_000_000, 999)), digitsMin: 3)
        output.append(UInt8(ascii: "Z"))
    }
}
