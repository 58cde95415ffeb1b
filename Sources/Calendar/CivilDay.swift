/// Year, month and day of the Gregorian calendar, both ways by Howard Hinnant's algorithms: years are counted from
/// 1 March, so that the leap day is the last one, and in eras of 400 years, which are all of the same length.
package struct CivilDay: Equatable, Sendable {
    package let year: Int64
    package let month: Int64
    package let day: Int64

    /// From 0000-03-01 to 1970-01-01.
    private static let daysBeforeEpoch: Int64 = 719_468
    private static let daysPerEra: Int64 = 146_097
    private static let secondsPerDay: Int64 = 86_400

    package init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    package init(daysSinceEpoch: Int64) {
        let (era, dayOfEra) = Self.floorDivide(daysSinceEpoch + Self.daysBeforeEpoch, by: Self.daysPerEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        self.month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
    }

    /// Seconds since 1970-01-01T00:00:00Z as whole days and seconds of the day, which are never negative.
    package static func split(_ seconds: Int64) -> (daysSinceEpoch: Int64, secondOfDay: Int64) {
        Self.floorDivide(seconds, by: Self.secondsPerDay)
    }

    /// For years 1 to 9999.
    package var daysSinceEpoch: Int64 {
        let year = self.month <= 2 ? self.year - 1 : self.year
        let era = year / 400
        let yearOfEra = year - era * 400
        let monthFromMarch = self.month > 2 ? self.month - 3 : self.month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + self.day - 1
        return era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - Self.daysBeforeEpoch
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
