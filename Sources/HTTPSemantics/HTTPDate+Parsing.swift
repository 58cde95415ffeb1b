internal import Calendar

extension HTTPDate {
    /// Any of the three forms that RFC 9110 section 5.6.7 asks recipients to read; nil for everything else.
    ///
    ///     Sun, 06 Nov 1994 08:49:37 GMT     IMF-fixdate
    ///     Sunday, 06-Nov-94 08:49:37 GMT    RFC 850; `thisYear` settles the century
    ///     Sun Nov  6 08:49:37 1994          asctime(3)
    package init?(_ bytes: [UInt8], thisYear: Int64 = 2026) {
        // The longest is `Wednesday, 09-Nov-94 08:49:37 GMT`.
        guard bytes.count <= 33 else { return nil }
        let words = bytes.split(separator: 0x20).map(Array.init)
        let fields: (day: [UInt8], month: [UInt8], year: [UInt8], time: [UInt8])
        switch words.count {
        case 6 where words[0].last == UInt8(ascii: ",") && words[5] == Array("GMT".utf8):
            guard Self.names(Self.dayNames, words[0].dropLast()), words[1].count == 2 else { return nil }
            fields = (words[1], words[2], words[3], words[4])
        case 4 where words[0].last == UInt8(ascii: ",") && words[3] == Array("GMT".utf8):
            let date = words[1].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(Array.init)
            guard date.count == 3, date[2].count == 2, let twoDigits = Self.number(date[2]) else { return nil }
            guard Self.names(Self.longDayNames, words[0].dropLast()) else { return nil }
            let year = Self.century(of: twoDigits, thisYear: thisYear)
            fields = (date[0], date[1], Array(String(year).utf8), words[2])
        case 5 where words[0].last != UInt8(ascii: ","):
            guard Self.names(Self.dayNames, words[0][...]) else { return nil }
            fields = (words[2], words[1], words[4], words[3])
        case _:
            return nil
        }
        guard let seconds = Self.seconds(fields.day, fields.month, fields.year, fields.time) else { return nil }
        self.init(seconds: seconds)
    }

    private static let longDayNames = [
        "Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday",
    ]

    private static func names(_ names: [String], _ word: ArraySlice<UInt8>) -> Bool {
        names.contains { $0.utf8.elementsEqual(word) }
    }

    /// More than 50 years ahead is the last century (RFC 9110 section 5.6.7).
    private static func century(of twoDigits: Int64, thisYear: Int64) -> Int64 {
        let year = thisYear - thisYear % 100 + twoDigits
        return year > thisYear + 50 ? year - 100 : year
    }

    private static func seconds(_ day: [UInt8], _ month: [UInt8], _ year: [UInt8], _ time: [UInt8]) -> Int64? {
        let clock = time.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(Array.init)
        guard clock.count == 3, clock.allSatisfy({ $0.count == 2 }), year.count == 4 else { return nil }
        guard let monthIndex = Self.monthNames.firstIndex(where: { $0.utf8.elementsEqual(month) }) else { return nil }
        guard let day = Self.number(day), let year = Self.number(year), year >= 1 else { return nil }
        guard let hour = Self.number(clock[0]), let minute = Self.number(clock[1]),
            let second = Self.number(clock[2])
        else { return nil }
        // 60 is a leap second.
        guard hour < 24, minute < 60, second <= 60 else { return nil }
        let date = CivilDay(year: year, month: Int64(monthIndex) + 1, day: day)
        let days = date.daysSinceEpoch
        // 31 April comes back as 1 May.
        guard CivilDay(daysSinceEpoch: days) == date else { return nil }
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// One to four digits.
    private static func number(_ digits: [UInt8]) -> Int64? {
        guard (1...4).contains(digits.count) else { return nil }
        var number: Int64 = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
