@testable import HTTPSemantics
import Testing

@Suite struct HTTPDateTests {
    static let rows: [(text: String, seconds: Int64?)] = [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
        ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
        ("Sun, 31 Dec 1995 23:59:60 GMT", 820_454_400),
        ("Friday, 01-Jan-77 00:00:00 GMT", 220_924_800),
        ("Wed, 29 Feb 2023 12:00:00 GMT", nil),
        ("Sun, 31 Apr 1994 08:49:37 GMT", nil),
        ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
        ("Sun, 06 Nov 1994 08:60:37 GMT", nil),
        ("Sun, 06 Nov 1994 8:49:37 GMT", nil),
        ("Sun, 06 Nov 1994 08:49:37 UTC", nil),
        ("Sun, 06 Nov 1994 08:49:37", nil),
        ("Sun, 6 Nov 1994 08:49:37 GMT", nil),
        ("Sun, 06 Nov 0000 08:49:37 GMT", nil),
        ("Sun, 06 nov 1994 08:49:37 GMT", nil),
        ("Mon Nov 6 08:49:37", nil),
        ("", nil),
        ("\"an-entity-tag\"", nil),
        (String(repeating: "9", count: 5000), nil),
    ]

    @Test(arguments: rows)
    func reads(_ row: (text: String, seconds: Int64?)) {
        #expect(HTTPDate(Array(row.text.utf8))?.seconds == row.seconds)
    }

    /// Cut anywhere it is no date, and no trap.
    @Test func cutsAreNoDates() {
        for row in Self.rows where row.seconds != nil {
            let bytes = Array(row.text.utf8)
            for count in 0..<bytes.count - 4 { #expect(HTTPDate(Array(bytes[..<count])) == nil) }
        }
    }

    @Test func writesWhatItReads() {
        for seconds in stride(from: Int64(-62_135_596_800), through: 253_402_300_799, by: 86_400 * 997 + 12_345) {
            let date = HTTPDate(seconds: seconds)
            #expect(HTTPDate(date.text) == date)
        }
        #expect(String(decoding: HTTPDate(seconds: 784_111_777).text, as: UTF8.self) == Self.rows[0].text)
    }

    @Test func staysWithinTheCalendar() {
        #expect(String(decoding: HTTPDate(seconds: .max).text, as: UTF8.self) == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(String(decoding: HTTPDate(seconds: .min).text, as: UTF8.self) == "Mon, 01 Jan 0001 00:00:00 GMT")
    }
}
