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
        let (day, second) = Timestamp.floorDivide(self.seconds, by: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
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

    fileprivate static func floorDivide(
        _ value: Int64, by divisor: Int64
    ) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// Year, month and day of the Gregorian calendar.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    /// Howard Hinnant's `civil_from_days`: years are counted from 1 March, so that the leap day is the last
    /// one, and in eras of 400 years, which are all of the same length.
    init(daysSinceEpoch: Int64) {
        let daysBeforeEpoch: Int64 = 719_468  // from 0000-03-01 to 1970-01-01
        let daysPerEra: Int64 = 146_097
        let (era, dayOfEra) = Timestamp.floorDivide(daysSinceEpoch + daysBeforeEpoch, by: daysPerEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        self.month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
    }
}
