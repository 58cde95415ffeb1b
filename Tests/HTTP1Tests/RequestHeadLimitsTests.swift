import HTTP1
import HTTPSemantics
import Testing

@Suite struct RequestHeadLimitsTests {
    private static let limits = RequestHeadLimits(
        requestLineBytesMax: 18, headerBytesMax: 20, fieldCountMax: 2)

    @Test(arguments: [
        HeadRow(
            "line as long as allowed", "GET /ab HTTP/1.0\r\n\r\n",
            .head(RequestHead(method: "GET", target: "/ab", minorVersion: 0), bytesUsed: 20)),
        HeadRow(
            "fields as long as allowed", "GET / HTTP/1.0\r\nA: 1234567890123\r\n\r\n",
            .head(
                RequestHead(method: "GET", target: "/", minorVersion: 0, fields: ["A": "1234567890123"]),
                bytesUsed: 36)),
        HeadRow("line too long", "GET /abc HTTP/1.0\r\n\r\n", .refused(.requestLineTooLong(bytesMax: 18))),
        HeadRow("line without an end", "GET /abcdefghijklmnop", .refused(.requestLineTooLong(bytesMax: 18))),
        HeadRow(
            "bad byte behind the limit", "GET /abcdefghijklmnop\u{0}",
            .refused(.requestLineTooLong(bytesMax: 18))),
        HeadRow(
            "line feed behind the limit", "GET /abcdefghijkl\r\n", .refused(.requestLineTooLong(bytesMax: 18))
        ),
        HeadRow(
            "fields too long", "GET / HTTP/1.0\r\nA: 12345678901234\r\n\r\n",
            .refused(.headerTooLarge(bytesMax: 20))),
        HeadRow(
            "fields without an end", "GET / HTTP/1.0\r\nA: 12345678901234567890",
            .refused(.headerTooLarge(bytesMax: 20))),
        HeadRow(
            "many fields", "GET / HTTP/1.0\r\nA:1\r\nB:2\r\n\r\n",
            .head(
                RequestHead(method: "GET", target: "/", minorVersion: 0, fields: ["A": "1", "B": "2"]),
                bytesUsed: 28)),
        HeadRow(
            "too many fields", "GET / HTTP/1.0\r\nA:\r\nB:\r\nC:\r\n\r\n",
            .refused(.tooManyFields(countMax: 2))),
    ])
    func limitsHoldAtAnyCut(_ row: HeadRow) { expectConsistent(row, limits: Self.limits) }

    /// A refusal needs no more than the limit, so that nobody has to buffer more to come to it.
    @Test func limitIsNoticedBeforeTheHeadIsComplete() {
        var parser = RequestHeadParser()
        let line = Array("GET /".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 8192 - 5)
        let oneByteShort = parser.outcome(line.dropLast())
        let atTheLimit = parser.outcome(line[...])
        #expect(oneByteShort == .more)
        #expect(atTheLimit == .refused(.requestLineTooLong(bytesMax: 8192)))
    }

    /// A head that comes byte by byte must not cost the square of its length: here that would be 1.25 billion
    /// steps.
    @Test func trickledHeadCostsLinearWork() throws {
        let limits = RequestHeadLimits(requestLineBytesMax: 1 << 20)
        let wire = [UInt8](repeating: UInt8(ascii: "a"), count: 50_000)
        var parser = RequestHeadParser(limits: limits)
        let start = ContinuousClock.now
        for count in 0...wire.count {
            let parsed = try parser.parse(wire.span.extracting(0..<count))
            guard parsed == nil else { return #expect(Bool(false), "no line has ended yet") }
        }
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
