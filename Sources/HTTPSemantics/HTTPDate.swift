/// A moment in whole seconds, as HTTP writes it (RFC 9110 section 5.6.7).
package struct HTTPDate: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z; never before the year 1 nor after 9999, which the form cannot write.
    package let seconds: Int64

    private static let secondsLeast: Int64 = -62_135_596_800
    private static let secondsMax: Int64 = 253_402_300_799
    private static let secondsPerDay: Int64 = 86_400

    package init(seconds: Int64) { self.seconds = min(max(seconds, Self.secondsLeast), Self.secondsMax) }

    package static func < (one: HTTPDate, other: HTTPDate) -> Bool { one.seconds < other.seconds }

    static let dayNames = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    static let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    package var text: [UInt8] {
        let day = Self.floorDivide(self.seconds, by: Self.secondsPerDay)
        let second = self.seconds - day * Self.secondsPerDay
        let date = CivilDay(daysSinceEpoch: day)
        let weekday = Int(((day % 7) + 7) % 7)
        var text: [UInt8] = []
        text.reserveCapacity(29)
        text += Self.dayNames[weekday].utf8
        text += ", ".utf8
        Self.append(date.day, digits: 2, to: &text)
        text.append(0x20)
        text += Self.monthNames[Int(date.month) - 1].utf8
        text.append(0x20)
        Self.append(date.year, digits: 4, to: &text)
        text.append(0x20)
        Self.append(second / 3600, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(second / 60 % 60, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(second % 60, digits: 2, to: &text)
        text += " GMT".utf8
        return text
    }

    private static func append(_ number: Int64, digits: Int, to text: inout [UInt8]) {
        var divisor: Int64 = digits == 4 ? 1000 : 10
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// Year, month and day of the Gregorian calendar, both ways by Howard Hinnant's algorithms: years begin on 1 March, in
/// eras of 400 years.
struct CivilDay: Equatable {
    let year: Int64
    let month: Int64
    let day: Int64

    private static let daysBeforeEpoch: Int64 = 719_468
    private static let daysPerEra: Int64 = 146_097

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(daysSinceEpoch: Int64) {
        let days = daysSinceEpoch + Self.daysBeforeEpoch
        let era = (days >= 0 ? days : days - Self.daysPerEra + 1) / Self.daysPerEra
        let dayOfEra = days - era * Self.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        self.month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
    }

    /// For years 1 to 9999.
    var daysSinceEpoch: Int64 {
        let year = self.month <= 2 ? self.year - 1 : self.year
        let era = year / 400
        let yearOfEra = year - era * 400
        let monthFromMarch = self.month > 2 ? self.month - 3 : self.month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + self.day - 1
        return era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - Self.daysBeforeEpoch
    }
}
