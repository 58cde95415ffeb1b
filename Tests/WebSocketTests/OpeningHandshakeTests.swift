import HTTPSemantics
import Testing
import WebSocket

@Suite struct OpeningHandshakeTests {
    /// The request of RFC 6455 section 1.3, with a few fields put in place, added or (nil) left out.
    static func request(
        method: String = "GET", minorVersion: Int = 1, body: RequestBody = .none,
        _ changes: [(String, FieldValue?)] = []
    ) -> RequestHead {
        var fields: HeaderFields = [
            "Host": "server.example.com", "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
        ]
        for (name, value) in changes {
            fields.removeAll(name)
            if let value { fields.append(name, value) }
        }
        return RequestHead(
            method: method, target: "/chat", minorVersion: minorVersion, fields: fields, body: body)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let head: RequestHead
        let decision: OpeningHandshake.Decision

        init(_ name: String, _ head: RequestHead, _ decision: OpeningHandshake.Decision) {
            self.testDescription = name
            self.head = head
            self.decision = decision
        }
    }

    private static func accepted(_ offered: String...) -> OpeningHandshake.Decision {
        .accepted(acceptValue: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", offeredSubprotocols: offered)
    }

    private static func twice(_ name: String, _ value: FieldValue) -> RequestHead {
        var head = Self.request()
        head.fields.append(name, value)
        return head
    }

    @Test(arguments: [
        Row("the RFC's example", request(), accepted()),
        Row(
            "case of the tokens", request([("Upgrade", "WebSocket"), ("Connection", "UPGRADE")]), accepted()),
        Row("Firefox's Connection", request([("Connection", "keep-alive, Upgrade")]), accepted()),
        Row("Connection in two fields", twice("Connection", "keep-alive"), accepted()),
        Row("one offer", request([("Sec-WebSocket-Protocol", "chat")]), accepted("chat")),
        Row(
            "offers", request([("Sec-WebSocket-Protocol", "chat ,\tbinary,x.y")]),
            accepted("chat", "binary", "x.y")),
        Row("case makes another name", request([("Sec-WebSocket-Protocol", "a, A")]), accepted("a", "A")),
        Row("empty offer", request([("Sec-WebSocket-Protocol", "")]), accepted()),
        Row(
            "extensions are ignored", request([("Sec-WebSocket-Extensions", "permessage-deflate; x=\"")]),
            accepted()),
    ])
    func accepts(_ row: Row) {
        #expect(OpeningHandshake.decide(row.head) == row.decision)
    }

    @Test(arguments: [
        Row("GET", RequestHead(method: "GET", target: "/"), .notUpgrade),
        Row("HEAD", RequestHead(method: "HEAD", target: "/"), .notUpgrade),
        Row("POST with a body", RequestHead(method: "POST", target: "/", body: .chunked), .notUpgrade),
        Row(
            "Connection alone", RequestHead(method: "GET", target: "/", fields: ["Connection": "Upgrade"]),
            .notUpgrade),
    ])
    func leavesPlainHTTPAlone(_ row: Row) {
        #expect(OpeningHandshake.decide(row.head) == row.decision)
    }

    @Test(arguments: [
        Row("POST", request(method: "POST"), .refused(.methodNotGET)),
        Row("HEAD", request(method: "HEAD"), .refused(.methodNotGET)),
        Row("lower-case get", request(method: "get"), .refused(.methodNotGET)),
        Row("HTTP/1.0", request(minorVersion: 0), .refused(.versionBeforeHTTP11)),
        Row("length", request(body: .length(1)), .refused(.bodyPresent)),
        Row("chunked", request(body: .chunked), .refused(.bodyPresent)),
        Row("POST with a body", request(method: "POST", body: .length(1)), .refused(.bodyPresent)),
        Row("no Upgrade", request([("Upgrade", nil)]), .refused(.upgradeMissing)),
        Row("empty Upgrade", request([("Upgrade", "")]), .refused(.upgradeNotWebSocket)),
        Row("h2c", request([("Upgrade", "h2c")]), .refused(.upgradeNotWebSocket)),
        Row("h2c besides", request([("Upgrade", "websocket, h2c")]), .refused(.upgradeNotWebSocket)),
        Row("websocket twice", twice("Upgrade", "websocket"), .refused(.upgradeNotWebSocket)),
        Row("websocket/13", request([("Upgrade", "websocket/13")]), .refused(.upgradeNotWebSocket)),
        Row("websockets", request([("Upgrade", "websockets")]), .refused(.upgradeNotWebSocket)),
        Row("no Connection", request([("Connection", nil)]), .refused(.connectionWithoutUpgrade)),
        Row("keep-alive", request([("Connection", "keep-alive")]), .refused(.connectionWithoutUpgrade)),
        Row("upgrade as a part", request([("Connection", "xupgrade")]), .refused(.connectionWithoutUpgrade)),
        Row("no version", request([("Sec-WebSocket-Version", nil)]), .refused(.unsupportedVersion)),
        Row("version 8", request([("Sec-WebSocket-Version", "8")]), .refused(.unsupportedVersion)),
        Row("version 013", request([("Sec-WebSocket-Version", "013")]), .refused(.unsupportedVersion)),
        Row("versions", request([("Sec-WebSocket-Version", "13, 8")]), .refused(.unsupportedVersion)),
        Row("version twice", twice("Sec-WebSocket-Version", "13"), .refused(.unsupportedVersion)),
        Row("no key", request([("Sec-WebSocket-Key", nil)]), .refused(.keyMissing)),
        Row("key twice", twice("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), .refused(.keyDuplicate)),
        Row("empty key", request([("Sec-WebSocket-Key", "")]), .refused(.keyMalformed)),
        Row("13 bytes", request([("Sec-WebSocket-Key", "SGVsbG8sIHdvcmxkIQ==")]), .refused(.keyMalformed)),
        Row(
            "17 bytes", request([("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZSE=")]),
            .refused(.keyMalformed)),
        Row(
            "18 bytes", request([("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZSEh")]),
            .refused(.keyMalformed)),
        Row(
            "URL alphabet", request([("Sec-WebSocket-Key", "_-hlIHNhbXBsZSBub25jZQ==")]),
            .refused(.keyMalformed)),
        Row(
            "not base64", request([("Sec-WebSocket-Key", "dGhl IHNhbXBsZSBub25jZ==")]),
            .refused(.keyMalformed)),
        Row(
            "offer with a space", request([("Sec-WebSocket-Protocol", "a b")]),
            .refused(.subprotocolMalformed)),
        Row(
            "offer of quotes", request([("Sec-WebSocket-Protocol", "\"a\"")]), .refused(.subprotocolMalformed)
        ),
        Row(
            "offer beyond ASCII", request([("Sec-WebSocket-Protocol", FieldValue(bytes: [0xFF]))]),
            .refused(.subprotocolMalformed)),
        Row("offer twice", request([("Sec-WebSocket-Protocol", "a, b, a")]), .refused(.subprotocolDuplicate)),
    ])
    func refuses(_ row: Row) {
        #expect(OpeningHandshake.decide(row.head) == row.decision)
    }

    @Test func onlyWebSocketFieldsMakeAnAttempt() {
        let head = RequestHead(method: "GET", target: "/", fields: ["sec-websocket-foo": ""])
        #expect(OpeningHandshake.decide(head) == .refused(.upgradeMissing))
    }

    @Test func offersInTwoFieldsAreOneList() {
        var head = Self.request([("Sec-WebSocket-Protocol", "a")])
        head.fields.append("sec-websocket-protocol", "b")
        #expect(OpeningHandshake.decide(head) == Self.accepted("a", "b"))
        head.fields.append("sec-websocket-protocol", "a")
        #expect(OpeningHandshake.decide(head) == .refused(.subprotocolDuplicate))
    }
}
