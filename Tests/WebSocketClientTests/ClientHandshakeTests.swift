import Configuration
import Testing
import WebSocketClient

@Suite struct ClientHandshakeTests {
    /// The key and the proof of RFC 6455 section 1.3.
    private static let key = Array("the sample nonce".utf8)
    private static let proof = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    private static func handshake(
        _ change: (inout ClientHandshake.Wishes) -> Void = { _ in }
    ) throws -> ClientHandshake {
        var wishes = ClientHandshake.Wishes()
        wishes.subprotocols = ["chat", "superchat"]
        change(&wishes)
        return ClientHandshake(try WebSocketURL(parsing: "ws://a.example:81/x?y"), wishes, key: Self.key)
    }

    @Test func theRequest() throws {
        let handshake = try Self.handshake {
            $0.origin = "https://b"
            $0.fields = [try! RequestField(parsing: "X-Token: 1")]
        }
        #expect(
            String(decoding: handshake.request, as: UTF8.self).split(separator: "\r\n").map(String.init) == [
                "GET /x?y HTTP/1.1", "Host: a.example:81", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "Origin: https://b",
                "Sec-WebSocket-Protocol: chat, superchat", "X-Token: 1",
            ])
    }

    @Test func anotherHostIsTheCallers() throws {
        let handshake = try Self.handshake { $0.fields = [try! RequestField(parsing: "host: b")] }
        let text = String(decoding: handshake.request, as: UTF8.self)
        #expect(text.contains("\r\nhost: b\r\n") && !text.contains("Host: a"))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let head: String
        let failure: HandshakeFailure?
        var subprotocol: String?

        init(_ name: String, _ head: String, _ failure: HandshakeFailure? = nil, subprotocol: String? = nil) {
            self.testDescription = name
            self.head = head
            self.failure = failure
            self.subprotocol = subprotocol
        }
    }

    private static let good = "HTTP/1.1 101 So be it\r\nupgrade: WebSocket\r\nConnection: keep-alive, Upgrade"
    private static let proven = "\(good)\r\nSec-WebSocket-Accept: \(proof)"

    static let rows = [
        Row("good", proven),
        Row("a subprotocol of ours", "\(proven)\r\nSec-WebSocket-Protocol: superchat", subprotocol: "superchat"),
        Row("a subprotocol that was not offered", "\(proven)\r\nSec-WebSocket-Protocol: other",
            .unaskedSubprotocol("other")),
        Row("two subprotocols", "\(proven)\r\nSec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat",
            .unaskedSubprotocol("")),
        Row("an extension", "\(proven)\r\nSec-WebSocket-Extensions: permessage-deflate",
            .unaskedExtension("permessage-deflate")),
        Row("no proof", good, .wrongProof),
        Row("another's proof", "\(good)\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=", .wrongProof),
        Row("two proofs", "\(proven)\r\nSec-WebSocket-Accept: \(proof)", .wrongProof),
        Row("no Upgrade", "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(proof)", .noUpgrade),
        Row("no Connection", "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: \(proof)", .noUpgrade),
        Row("refused", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0",
            .refused(status: 403, reason: "Forbidden", explanation: "rest")),
        Row("refused without words", "HTTP/1.0 500", .refused(status: 500, reason: "", explanation: "rest")),
        Row("not HTTP", "SSH-2.0-OpenSSH_9.2", .notHTTP),
    ]

    @Test(arguments: rows) func judgesAtAnyCut(_ row: Row) throws {
        let handshake = try Self.handshake()
        let answer = Array("\(row.head)\r\n\r\n".utf8)
        for count in answer.indices {
            let early = try handshake.judge(Array(answer[..<count]))
            #expect(early == nil, "\(count)")
        }
        do throws(HandshakeFailure) {
            let judgement = try handshake.judge(answer + Array("rest".utf8))
            #expect(judgement == .accepted(subprotocol: row.subprotocol, rest: 4) && row.failure == nil)
        } catch {
            #expect(row.failure == error)
        }
    }

    @Test func aHeadWithoutEndIsNoHead() throws {
        let handshake = try Self.handshake()
        #expect(throws: HandshakeFailure.notHTTP) { try handshake.judge([UInt8](repeating: 65, count: 20_000)) }
    }

    @Test func aRefusalCannotSteerATerminal() {
        let failure = HandshakeFailure.refused(status: 400, reason: "\u{1B}[2J", explanation: "\u{7}")
        #expect(!failure.description.utf8.contains(0x1B) && !failure.description.utf8.contains(7))
    }
}
