internal import Calendar

/// A moment in whole seconds, as HTTP writes it (RFC 9110 section 5.6.7).
package struct HTTPDate: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z; never before the year 1 nor after 9999, which the form cannot write.
    package let seconds: Int64

    private static let secondsLeast: Int64 = -62_135_596_800
    private static let secondsMax: Int64 = 253_402_300_799

    package init(seconds: Int64) { self.seconds = min(max(seconds, Self.secondsLeast), Self.secondsMax) }

    package static func < (one: HTTPDate, other: HTTPDate) -> Bool { one.seconds < other.seconds }

    static let dayNames = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    static let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    package var text: [UInt8] {
        let (day, second) = CivilDay.split(self.seconds)
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
}
