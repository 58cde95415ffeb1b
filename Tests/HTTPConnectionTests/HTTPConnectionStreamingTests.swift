import Buffers
import HTTP1
import HTTPConnection
import HTTPSemantics
import SimulatedIO
import Testing

@Suite struct HTTPConnectionStreamingTests {
    private static let parts = ["one ", "two ", "three"]

    /// Text between the head and the end, behind the head's fields.
    private func whole(_ harness: HTTPHarness) -> (head: String, body: String) {
        let text = String(decoding: harness.client.received, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return (text, "") }
        return (String(text[..<end.lowerBound]), String(text[end.upperBound...]))
    }

    private func stream(
        _ request: String, _ framing: BodyFraming, _ parts: [String] = Self.parts
    ) -> HTTPHarness {
        let harness = HTTPHarness()
        harness.client.send(request)
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), framing)
        for part in parts {
            source.exchange.send(Array(part.utf8).span)
            harness.loop.settle()
        }
        source.exchange.finish()
        harness.loop.settle()
        return harness
    }

    @Test func chunks() {
        let (head, body) = self.whole(self.stream(get("/later"), .chunked))
        #expect(head.contains("\r\nTransfer-Encoding: chunked") && !head.contains("Connection"))
        #expect(body == "4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n")
    }

    @Test func exactLength() {
        let harness = self.stream(get("/later") + get("/next"), .length(13))
        #expect(harness.answers.map(\.body) == ["one two three", "/next"])
        #expect(harness.client.stream.isOpen)
    }

    @Test func untilTheEnd() {
        let harness = self.stream(get("/later") + get("/next"), .untilClose)
        let (head, body) = self.whole(harness)
        #expect(!head.contains("Content-Length") && head.contains("Connection: close"))
        #expect(body == "one two three" && harness.client.hasSeenEnd)
        #expect(harness.service.targets == ["/later"])
    }

    /// Who speaks HTTP/1.0 and wants to go on is told that it may.
    @Test func oldClientsAreToldThatTheyMayGoOn() {
        let request = "GET /later HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"
        #expect(self.whole(self.stream(request, .length(13))).head.contains("\r\nConnection: keep-alive"))
    }

    /// RFC 9110 section 6.6.1: every answer but the interim ones, and one's own word is left as it is.
    @Test(arguments: ["", "Date: then\r\n"])
    func answersSayWhenTheyWereMade(_ own: String) throws {
        let harness = HTTPHarness()
        harness.service.dateStamp = DateStamp { 784_111_777_000_000_000 }
        let expected = own.isEmpty ? "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" : own
        let fields: HeaderFields = own.isEmpty ? [:] : ["Date": "then"]
        for isWhole in [true, false] {
            harness.client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n")
            harness.loop.settle()
            let before = harness.client.received.count
            let exchange = harness.service.waiting.removeFirst()
            if isWhole {
                exchange.respond(ResponseHead(status: .ok, fields: fields))
            } else {
                exchange.sendInterim(ResponseHead(status: try #require(Status(code: 103, reason: "Early Hints"))))
                exchange.begin(ResponseHead(status: .ok, fields: fields), .none)
                exchange.finish()
            }
            harness.loop.settle()
            let answer = String(decoding: harness.client.received[before...], as: UTF8.self)
            #expect(answer.ranges(of: "Date: ").count == 1 && answer.contains(expected), "\(answer)")
        }
    }

    /// Lines that were written before, and what leaves with them.
    @Test(arguments: [("", "keep-alive"), ("Connection: close\r\n", "close"), ("Content-Length: 1\r\n", "close")])
    func preparedLines(_ fields: String, _ connection: String) {
        let harness = HTTPHarness()
        harness.client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n")
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), attendsClient: false)
        let lines = [Array("HTTP/1.1 200 OK\r\n".utf8), Array("Content-Length: 3\r\n".utf8)]
        source.exchange.begin(prepared: lines[0], lines[1], content: 3) { room in
            #expect(room.count == 3)
            room[0] = UInt8(ascii: "a")
            return 1
        }
        harness.loop.settle()
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: \(connection)"
        #expect(self.whole(harness) == (head, "a"))
        source.exchange.send(Array("bc".utf8).span)
        source.exchange.finish()
        harness.loop.settle()
        #expect(self.whole(harness).body == "abc")
        #expect(harness.client.hasSeenEnd == (connection == "close"))
    }

    /// A client may end its direction once it has asked, unless somebody wants to know.
    @Test(arguments: [true, false])
    func aClientThatEndsItsDirection(_ attendsClient: Bool) {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.client.finish()
        harness.loop.turn()
        harness.loop.turn()
        let source = PartSource(harness.service.waiting.removeFirst(), attendsClient: attendsClient)
        source.exchange.begin(ResponseHead(status: .ok, fields: ["Content-Length": "2"]), .length(2))
        harness.loop.settle()
        source.exchange.readBody()
        harness.loop.settle()
        #expect(source.departures == (attendsClient ? 1 : 0))
        source.exchange.send(Array("ok".utf8).span)
        source.exchange.finish()
        harness.loop.settle()
        #expect(self.whole(harness).body == (attendsClient ? "" : "ok"))
    }

    @Test func aClientThatLeavesIsTold() {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), .chunked)
        source.exchange.readBody()
        harness.client.reset()
        harness.loop.settle()
        #expect(source.departures == 1)
        source.exchange.send(Array("late".utf8).span)
        source.exchange.finish()
        #expect(harness.remains == [])
    }

    /// One that takes a little now and then is slow; one that takes nothing is given up.
    @Test func aClientThatTakesNothingIsGivenUp() {
        let harness = HTTPHarness(capacity: 1000)
        harness.client.readBytesMax = 0
        harness.client.send(get("/later"))
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), .length(100_000), attendsClient: false)
        source.exchange.send([UInt8](repeating: 0x61, count: 100_000).span)
        harness.loop.advance(by: 59_000_000_000)
        #expect(harness.client.stream.isOpen && source.departures == 0)
        harness.loop.advance(by: 62_000_000_000)
        #expect(!harness.client.stream.isOpen && source.departures == 1 && harness.remains == [])
    }

    /// Nothing waits for the client: the source may be silent as long as it likes.
    @Test func silenceOfTheSourceIsNoStall() {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), .chunked)
        harness.loop.advance(by: 3_600_000_000_000)
        source.exchange.send(Array("x".utf8).span)
        source.exchange.finish()
        harness.loop.settle()
        #expect(self.whole(harness).body == "1\r\nx\r\n0\r\n\r\n")
    }

    @Test func drainingLetsTheAnswerEnd() {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), .length(3))
        harness.connection?.drain()
        harness.loop.settle()
        source.exchange.send(Array("end".utf8).span)
        source.exchange.finish()
        harness.loop.advance(by: 1_000_000_000)
        #expect(self.whole(harness).body == "end" && harness.remains == [])
    }
}

/// An answer that the test writes part by part.
private final class PartSource: ExchangeHandler {
    let exchange: Exchange
    let attendsClient: Bool
    private(set) var departures = 0
    private(set) var advances = 0

    /// Begins nothing yet.
    init(_ exchange: Exchange, attendsClient: Bool) {
        self.exchange = exchange
        self.attendsClient = attendsClient
        exchange.handle(by: self)
    }

    convenience init(_ exchange: Exchange, _ framing: BodyFraming, attendsClient: Bool = true) {
        self.init(exchange, attendsClient: attendsClient)
        var fields: HeaderFields = [:]
        if case .length(let count) = framing { fields.append("Content-Length", FieldValue(String(count))) }
        exchange.begin(ResponseHead(status: .ok, fields: fields), framing)
    }

    func answerAdvanced() { self.advances += 1 }
    func clientLeft() { self.departures += 1 }
}
