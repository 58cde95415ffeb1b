import HTTPSemantics
import Testing

@Suite struct RequestHeadTests {
    struct KeepAliveRow: Sendable, CustomTestStringConvertible {
        let minorVersion: Int
        let connection: FieldValue?
        let keepAlive: Bool
        var testDescription: String { "HTTP/1.\(self.minorVersion) \(self.connection?.string ?? "-")" }
    }

    @Test(arguments: [
        KeepAliveRow(minorVersion: 1, connection: nil, keepAlive: true),
        KeepAliveRow(minorVersion: 1, connection: "Close", keepAlive: false),
        KeepAliveRow(minorVersion: 1, connection: "keep-alive, close", keepAlive: false),
        KeepAliveRow(minorVersion: 1, connection: "closed", keepAlive: true),
        KeepAliveRow(minorVersion: 0, connection: nil, keepAlive: false),
        KeepAliveRow(minorVersion: 0, connection: "Keep-Alive", keepAlive: true),
        KeepAliveRow(minorVersion: 0, connection: "keep-alive, close", keepAlive: false),
    ])
    func keepAlive(_ row: KeepAliveRow) {
        var head = RequestHead(method: "GET", target: "/", minorVersion: row.minorVersion)
        if let connection = row.connection { head.fields.append("connection", connection) }
        #expect(head.keepAlive == row.keepAlive)
    }

    @Test(
        arguments: [
            ("/", "/", nil), ("/a?b=c", "/a", "b=c"), ("/a?", "/a", ""), ("/a?b?c", "/a", "b?c"),
            ("*", "*", nil),
        ] as [(String, String, String?)])
    func targetSplits(_ target: String, _ path: String, _ query: String?) {
        let head = RequestHead(method: "GET", target: target)
        #expect(head.path == path)
        #expect(head.query == query)
    }
}

@Suite struct ResponseHeadTests {
    private func serialized(_ head: ResponseHead) -> String {
        var bytes = Array("before ".utf8)
        head.serialize(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func serializesInOrder() {
        let head = ResponseHead(status: .upgradeRequired, fields: ["Sec-WebSocket-Version": "13", "B": ""])
        #expect(
            self.serialized(head)
                == "before HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nB: \r\n\r\n")
    }

    @Test func nobodySplitsTheResponse() throws {
        let status = try #require(Status(code: 299, reason: "a\r\nX: 1"))
        let head = ResponseHead(status: status, fields: ["A\nB": "c\r\n\r\nd\u{0}"])
        #expect(self.serialized(head) == "before HTTP/1.1 299 a  X: 1\r\nA B: c    d \r\n\r\n")
    }

    @Test(arguments: [-1, 0, 99, 1000, Int.max])
    func statusHasThreeDigits(_ code: Int) {
        #expect(Status(code: code, reason: "") == nil)
    }
}
