import Buffers
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
        _ request: String, _ length: AnswerLength, _ parts: [String] = Self.parts, status: Status = .ok
    ) -> HTTPHarness {
        let harness = HTTPHarness()
        harness.client.send(request)
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), length, status: status)
        for part in parts {
            source.body?.write(Array(part.utf8).span)
            harness.loop.settle()
        }
        source.body?.finish()
        harness.loop.settle()
        return harness
    }

    @Test func chunks() {
        let (head, body) = self.whole(self.stream(get("/later"), .chunked))
        #expect(head.contains("\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive"))
        #expect(body == "4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n")
    }

    @Test func exactLength() {
        let harness = self.stream(get("/later") + get("/next"), .exact(13))
        #expect(harness.answers == [HTTPAnswer(200, "one two three"), HTTPAnswer(200, "/next")])
        #expect(harness.client.stream.isOpen)
    }

    @Test func untilTheEnd() {
        let harness = self.stream(get("/later") + get("/next"), .untilClose)
        let (head, body) = self.whole(harness)
        #expect(!head.contains("Content-Length") && head.contains("Connection: close"))
        #expect(body == "one two three" && harness.client.hasSeenEnd)
        #expect(harness.service.targets == ["/later"])
    }

    /// Who speaks HTTP/1.0 knows no chunks.
    @Test func noChunksForOldClients() {
        let request = "GET /later HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"
        let (head, body) = self.whole(self.stream(request, .chunked))
        #expect(!head.contains("chunked") && head.contains("Connection: close"))
        #expect(body == "one two three")
    }

    @Test(arguments: [AnswerLength.exact(13), .chunked, .untilClose])
    func headHasNoBody(_ length: AnswerLength) {
        let request = "HEAD /later HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let (head, body) = self.whole(self.stream(request, length))
        #expect(body == "" && head.contains("Connection: keep-alive"))
        #expect(head.contains("Content-Length: 13") == (length == .exact(13)))
    }

    @Test(arguments: [Status.noContent, .notModified])
    func someStatusesHaveNoBody(_ status: Status) {
        let (head, body) = self.whole(self.stream(get("/later"), .chunked, status: status))
        #expect(body == "" && !head.contains("chunked") && head.contains("Connection: keep-alive"))
    }

    /// Less than was promised must not look like the whole.
    @Test func aShortBodyEndsTheConnection() {
        let harness = self.stream(get("/later") + get("/next"), .exact(14))
        #expect(self.whole(harness).body == "one two three" && !harness.client.stream.isOpen)
        #expect(harness.service.targets == ["/later"] && harness.remains == [])
    }

    @Test func aClientThatLeavesIsTold() {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), .chunked)
        harness.client.reset()
        harness.loop.settle()
        #expect(source.cancellations == 1)
        source.body?.write(Array("late".utf8).span)
        source.body?.finish()
        #expect(harness.remains == [])
    }

    /// One that takes a little now and then is slow; one that takes nothing is given up.
    @Test func aClientThatTakesNothingIsGivenUp() {
        let harness = HTTPHarness(capacity: 1000)
        harness.client.readBytesMax = 0
        harness.client.send(get("/later"))
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), .exact(100_000))
        source.body?.write([UInt8](repeating: 0x61, count: 100_000).span)
        harness.loop.advance(by: 59_000_000_000)
        #expect(harness.client.stream.isOpen && source.cancellations == 0)
        harness.loop.advance(by: 62_000_000_000)
        #expect(!harness.client.stream.isOpen && source.cancellations == 1 && harness.remains == [])
    }

    /// Nothing waits for the client: the source may be silent as long as it likes.
    @Test func silenceOfTheSourceIsNoStall() {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), .chunked)
        harness.loop.advance(by: 3_600_000_000_000)
        source.body?.write(Array("x".utf8).span)
        source.body?.finish()
        harness.loop.settle()
        #expect(self.whole(harness).body == "1\r\nx\r\n0\r\n\r\n")
    }

    @Test func drainingLetsTheAnswerEnd() {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.loop.settle()
        let source = PartSource(harness.service.waiting.removeFirst(), .exact(3))
        harness.connection?.drain()
        harness.loop.settle()
        source.body?.write(Array("end".utf8).span)
        source.body?.finish()
        harness.loop.advance(by: 1_000_000_000)
        #expect(self.whole(harness).body == "end" && harness.remains == [])
    }
}

/// An answer that the test writes part by part.
private final class PartSource: AnswerSource {
    private(set) var body: AnswerBody?
    private(set) var cancellations = 0
    private(set) var advances = 0

    init(_ exchange: Exchange, _ length: AnswerLength, status: Status = .ok) {
        self.body = exchange.begin(ResponseHead(status: status), length, source: self)
    }

    func answerAdvanced() { self.advances += 1 }
    func answerCancelled() { self.cancellations += 1 }
}
