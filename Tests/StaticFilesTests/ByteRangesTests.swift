import StaticFiles
import Testing

@Suite struct ByteRangesTests {
    static let rows: [(field: String, size: Int64, ranges: ByteRanges)] = [
        ("bytes=0-499", 1000, .parts([0..<500])),
        ("bytes=500-", 1000, .parts([500..<1000])),
        ("bytes=-200", 1000, .parts([800..<1000])),
        ("bytes=-2000", 1000, .parts([0..<1000])),
        ("bytes=0-0", 1000, .parts([0..<1])),
        ("bytes=999-5000", 1000, .parts([999..<1000])),
        ("Bytes=0-1", 1000, .parts([0..<2])),
        ("bytes= 0-1 , 3-4,", 1000, .parts([0..<2, 3..<5])),
        ("bytes=9-9,0-0", 10, .parts([9..<10, 0..<1])),
        ("bytes=0-1,5000-", 1000, .parts([0..<2])),
        ("bytes=0-9223372036854775807", 10, .parts([0..<10])),
        ("bytes=0-99999999999999999999999", 10, .parts([0..<10])),
        ("bytes=-99999999999999999999999", 10, .parts([0..<10])),
        ("bytes=1000-", 1000, .unsatisfiable),
        ("bytes=99999999999999999999999-", 1000, .unsatisfiable),
        ("bytes=-0", 1000, .unsatisfiable),
        ("bytes=0-", 0, .unsatisfiable),
        ("bytes=-5", 0, .unsatisfiable),
        // Nonsense, other units, and more than the whole: the whole.
        ("bytes=", 1000, .whole),
        ("bytes=,,", 1000, .whole),
        ("bytes", 1000, .whole),
        ("", 1000, .whole),
        ("bytes=5-4", 1000, .whole),
        ("bytes=a-4", 1000, .whole),
        ("bytes=4", 1000, .whole),
        ("bytes=--4", 1000, .whole),
        ("bytes=-", 1000, .whole),
        ("bytes=+1-2", 1000, .whole),
        ("bytes=1-2;3", 1000, .whole),
        ("lines=0-4", 1000, .whole),
        ("bytes=0-999,0-0", 1000, .whole),
        ("bytes=0-,0-,0-", 1000, .whole),
        ("bytes=0-,0-", .max, .whole),
        ("bytes=0-5,-3", .max, .parts([0..<6, .max - 3 ..< .max])),
    ]

    @Test(arguments: rows)
    func reads(_ row: (field: String, size: Int64, ranges: ByteRanges)) {
        #expect(ByteRanges(Array(row.field.utf8), size: row.size) == row.ranges)
    }

    @Test func theirNumberIsBounded() {
        func field(_ count: Int) -> [UInt8] {
            Array(("bytes=" + (0..<count).map { "\($0)-\($0)" }.joined(separator: ",")).utf8)
        }
        #expect(ByteRanges(field(ByteRanges.partsMax), size: 1000) == .parts((0..<16).map { $0..<$0 + 1 }))
        #expect(ByteRanges(field(ByteRanges.partsMax + 1), size: 1000) == .whole)
        #expect(ByteRanges(field(3000), size: 1000) == .whole)
    }
}
