import HTTPSemantics
import StaticFiles
import Testing

@Suite struct PreparedHeadsTests {
    private static let state = PreparedHeads.State(size: 5, modifiedSeconds: 1, modifiedNanoseconds: 2)
    private static let head = ResponseHead(status: .ok, fields: ["Date": "then", "ETag": "\"x\""])

    @Test func aHeadIsGoodForOneStateOfItsFile() {
        var heads = PreparedHeads()
        heads.keep(Self.head, for: [1], Self.state)
        let lines = heads.lines(for: [1], Self.state)
        #expect(lines == Array("HTTP/1.1 200 OK\r\nETag: \"x\"\r\n".utf8))
        #expect(heads.lines(for: [2], Self.state) == nil)
        for (size, seconds, nanoseconds) in [(6, 1, 2), (5, 2, 2), (5, 1, 3)] {
            let other = PreparedHeads.State(
                size: Int64(size), modifiedSeconds: Int64(seconds), modifiedNanoseconds: UInt32(nanoseconds))
            #expect(heads.lines(for: [1], other) == nil)
        }
    }

    @Test func theirNumberIsBounded() {
        var heads = PreparedHeads()
        for number in 0..<10_000 {
            heads.keep(Self.head, for: [UInt8(number >> 8), UInt8(number & 255)], Self.state)
        }
        let kept = (0..<10_000).filter { heads.lines(for: [UInt8($0 >> 8), UInt8($0 & 255)], Self.state) != nil }
        #expect(kept.count <= PreparedHeads.countMax && kept.last == 9_999)
    }

    static let requests: [(field: String, isPlain: Bool)] = [
        ("Range", false), ("range", false), ("If-None-Match", false), ("IF-MATCH", false), ("if-range", false),
        ("If-Modified-Since", false), ("Referer", true), ("Ranges", true), ("I", true), ("X-Range", true),
    ]

    @Test(arguments: requests)
    func conditionsAndRangesAreNotForThem(_ row: (field: String, isPlain: Bool)) {
        var fields: HeaderFields = ["Host": "a"]
        fields.append(row.field, "x")
        #expect(PreparedHeads.admits(RequestHead(method: "GET", target: "/", fields: fields)) == row.isPlain)
    }
}
