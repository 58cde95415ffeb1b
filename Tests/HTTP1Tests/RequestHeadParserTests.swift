import HTTP1
import HTTPSemantics
import Testing

/// A request head and what becomes of it.
struct HeadRow: Sendable, CustomTestStringConvertible {
    let name: String
    let wire: [UInt8]
    let outcome: HeadOutcome

    init(_ name: String, _ wire: String, _ outcome: HeadOutcome) {
        self.name = name
        self.wire = Array(wire.utf8)
        self.outcome = outcome
    }

    init(_ name: String, bytes: [UInt8], _ outcome: HeadOutcome) {
        self.name = name
        self.wire = bytes
        self.outcome = outcome
    }

    var testDescription: String { self.name }
}

enum HeadOutcome: Hashable, Sendable {
    case more
    case head(RequestHead, bytesUsed: Int)
    case refused(RequestHeadViolation)
}

extension RequestHeadParser {
    /// One call, with its result as a value that can be compared.
    mutating func outcome(_ bytes: ArraySlice<UInt8>) -> HeadOutcome {
        let bytes = Array(bytes)
        do throws(RequestHeadViolation) {
            guard let (head, bytesUsed) = try self.parse(bytes.span) else { return .more }
            return .head(head, bytesUsed: bytesUsed)
        } catch {
            return .refused(error)
        }
    }
}

/// What every row must satisfy: the outcome is the same whole, in two pieces cut anywhere, and byte by byte.
func expectConsistent(_ row: HeadRow, limits: RequestHeadLimits = RequestHeadLimits()) {
    var trickled = RequestHeadParser(limits: limits)
    for cut in 0...row.wire.count {
        var parser = RequestHeadParser(limits: limits)
        let early = parser.outcome(row.wire[..<cut])
        let byteByByte = trickled.outcome(row.wire[..<cut])
        let final = early == .more ? parser.outcome(row.wire[...]) : early
        #expect(final == row.outcome, "cut at \(cut)")
        #expect(byteByByte == early, "byte by byte up to \(cut)")
        if case .head = byteByByte { return }
    }
}

@Suite struct RequestHeadParserTests {
    private static func accepted(_ name: String, _ wire: String, _ head: RequestHead, behind: String = "")
        -> HeadRow
    {
        HeadRow(name, wire + behind, .head(head, bytesUsed: wire.utf8.count))
    }

    static let accepted: [HeadRow] = [
        accepted(
            "plain", "GET /a?b HTTP/1.1\r\nHost: Example.org:8080\r\n\r\n",
            RequestHead(
                method: "GET", target: "/a?b", authority: Authority("example.org:8080"),
                fields: ["Host": "Example.org:8080"])),
        accepted(
            "white space around a value", "GET / HTTP/1.1\r\nHost:a\r\nX:\t b c \t\r\nEmpty:\r\n\r\n",
            RequestHead(
                method: "GET", target: "/", authority: Authority("a"),
                fields: ["Host": "a", "X": "b c", "Empty": ""])),
        accepted(
            "1.0 without Host", "GET / HTTP/1.0\r\n\r\n",
            RequestHead(method: "GET", target: "/", minorVersion: 0)),
        accepted(
            "higher minor version", "GET / HTTP/1.9\r\nHost: a\r\n\r\n",
            RequestHead(method: "GET", target: "/", authority: Authority("a"), fields: ["Host": "a"])),
        accepted(
            "empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
            RequestHead(method: "GET", target: "/", fields: ["Host": ""])),
        accepted(
            "empty line in front", "\r\nGET / HTTP/1.0\r\n\r\n",
            RequestHead(method: "GET", target: "/", minorVersion: 0)),
        accepted(
            "pipelined", "GET / HTTP/1.0\r\n\r\n",
            RequestHead(method: "GET", target: "/", minorVersion: 0), behind: "GET /b HTTP/1.0\r\n\r\n"),
        accepted(
            "binary behind the head", "GET / HTTP/1.0\r\n\r\n",
            RequestHead(method: "GET", target: "/", minorVersion: 0), behind: "\u{0}\n\n"),
        accepted(
            "length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n",
            RequestHead(
                method: "POST", target: "/", authority: Authority("a"),
                fields: ["Host": "a", "Content-Length": "12"], body: .length(12))),
        accepted(
            "length of zero", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 000\r\n\r\n",
            RequestHead(
                method: "POST", target: "/", authority: Authority("a"),
                fields: ["Host": "a", "Content-Length": "000"])),
        accepted(
            "chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n",
            RequestHead(
                method: "POST", target: "/", authority: Authority("a"),
                fields: ["Host": "a", "Transfer-Encoding": "Chunked"], body: .chunked)),
        accepted(
            "asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            RequestHead(method: "OPTIONS", target: "*", authority: Authority("a"), fields: ["Host": "a"])),
        accepted(
            "bytes beyond ASCII in a value", "GET / HTTP/1.0\r\nX: \u{e9}\r\n\r\n",
            RequestHead(method: "GET", target: "/", minorVersion: 0, fields: ["X": "\u{e9}"])),
    ]

    @Test(arguments: accepted) func acceptsAtAnyCut(_ row: HeadRow) { expectConsistent(row) }

    @Test(
        arguments: [
            ("http://a/b?c", "a", "/b", "c"), ("HTTP://A:80?c", "a:80", "/", "c"),
            ("https://a", "a:443", "/", nil),
            ("ws://a/", "a", "/", nil), ("http://[::1]:9/", "[::1]:9", "/", nil),
        ] as [(String, String, String, String?)])
    func absoluteForm(_ target: String, _ host: String, _ path: String, _ query: String?) throws {
        let wire = Array("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n".utf8)
        var parser = RequestHeadParser()
        let parsed = try parser.parse(wire.span)
        let head = try #require(parsed?.head)
        #expect(head.target == target)
        #expect(head.path == path)
        #expect(head.query == query)
        #expect(head.authority == Authority(host))
    }

    @Test func bytesThatAreNotUTF8ReachTheFields() throws {
        var parser = RequestHeadParser()
        let wire = Array("GET / HTTP/1.0\r\nX: ".utf8) + [0x80, 0xFF] + Array("\r\n\r\n".utf8)
        let parsed = try parser.parse(wire.span)
        #expect(parsed?.head.fields.first("x")?.bytes == [0x80, 0xFF])
    }

    @Test func parserIsReadyForTheNextRequest() throws {
        let wire = Array("GET /1 HTTP/1.0\r\nA: 1\r\n\r\nGET /2 HTTP/1.0\r\nB: 2\r\n\r\n".utf8)
        var parser = RequestHeadParser()
        var start = 0
        var heads: [RequestHead] = []
        while let next = try parser.parse(wire.span.extracting(start...)) {
            heads.append(next.head)
            start += next.bytesUsed
        }
        #expect(heads.map(\.path) == ["/1", "/2"])
        #expect(heads.map { $0.fields.map(\.name) } == [["A"], ["B"]])
        #expect(start == wire.count)
    }
}
