import Buffers
import HTTPConnection
import HTTPSemantics
import SimulatedIO
import Testing

@Suite struct HTTPConnectionEndTests {
    private static let second: UInt64 = 1_000_000_000

    /// What TLS or a PROXY header took is taken from the head.
    @Test func timeBeforeTheHeadCounts() {
        let harness = HTTPHarness(spent: HTTPHarness.headTimeout / 2)
        harness.client.send("GET / HTTP/1.1\r\n")
        harness.loop.advance(by: HTTPHarness.headTimeout * 4 / 10)
        #expect(harness.service.refusals.isEmpty)
        harness.loop.advance(by: HTTPHarness.headTimeout * 2 / 10)
        #expect(harness.service.refusals == [.requestTimeout])
        let late = HTTPHarness(spent: HTTPHarness.headTimeout * 2)
        late.loop.advance(by: 100_000_000)
        #expect(late.service.refusals == [.requestTimeout])
    }

    @Test(arguments: ["", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n"])
    func aHeadHasItsTime(_ start: String) {
        let harness = HTTPHarness()
        harness.client.send(start)
        harness.loop.advance(by: 9_900_000_000)
        #expect(harness.client.received.isEmpty && harness.client.stream.isOpen)
        harness.loop.advance(by: 200_000_000)
        #expect(harness.answers.map(\.status) == [408])
        #expect(harness.service.refusals == [.requestTimeout])
        harness.loop.advance(by: HTTPHarness.lingerTimeout + Self.second)
        #expect(harness.remains == [])
    }

    @Test func bytesOfAHeadBuyNoTime() {
        let harness = HTTPHarness()
        harness.client.cuts = .everyByte
        for _ in 0..<11 {
            harness.client.send("GET /"[...].first.map { String($0) } ?? "")
            harness.loop.advance(by: Self.second)
        }
        #expect(harness.answers.map(\.status) == [408])
    }

    @Test func anIdleConnectionEndsWithoutAWord() {
        let harness = HTTPHarness()
        harness.client.send(get("/one"))
        harness.loop.advance(by: 9 * Self.second)
        harness.client.send(get("/two"))
        harness.loop.advance(by: 9 * Self.second)
        #expect(harness.answers == [HTTPAnswer(200, "/one"), HTTPAnswer(200, "/two")])
        harness.loop.advance(by: 2 * Self.second)
        #expect(harness.answers.count == 2 && harness.client.hasSeenEnd)
        #expect(harness.remains == [])
    }

    @Test(arguments: ["Connection: close\r\n", "Content-Length: 5\r\n"])
    func someAnswersAreTheLast(_ field: String) {
        let harness = HTTPHarness()
        harness.client.send(get("/one", field) + "12345" + get("/two"))
        harness.loop.settle()
        #expect(harness.answers == [HTTPAnswer(200, "/one", keepsAlive: false)])
        #expect(harness.client.hasSeenEnd)
        harness.loop.advance(by: 3 * Self.second)
        #expect(harness.remains == [])
    }

    @Test(arguments: Seed.some(30)) func aClientThatLeavesCancelsOnce(_ seed: Seed) {
        let harness = HTTPHarness(seed, faults: .rough)
        harness.client.send(get("/later") + get("/more"))
        harness.loop.run { !harness.service.waiting.isEmpty }
        for _ in 0..<Int(seed.value % 7) { harness.loop.turn() }
        harness.client.reset()
        harness.loop.settle()
        #expect(harness.service.cancellations == 1)
        harness.service.answer(harness.service.waiting.removeFirst())
        harness.loop.settle()
        #expect(harness.service.cancellations == 1)
        #expect(harness.remains == [])
    }

    @Test func aClientThatEndedItsSideStillGetsItsAnswer() {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.client.finish()
        harness.loop.settle()
        harness.service.answer(harness.service.waiting.removeFirst())
        harness.loop.settle()
        #expect(harness.answers == [HTTPAnswer(200, "/later")])
        #expect(harness.remains == [])
    }

    @Test(arguments: ["", "Connection: close\r\n"])
    func aLargeAnswerReachesAClientThatEndedItsSide(_ field: String) {
        let harness = HTTPHarness(capacity: 1000)
        harness.client.readBytesMax = 100
        harness.client.send(get("/large", field))
        harness.client.finish()
        harness.loop.settle()
        #expect(harness.answers.map { $0.body.count } == [300_000])
        #expect(harness.remains == [])
    }

    @Test(arguments: ["", "Connection: close\r\n"])
    func aSlowReaderGetsItsAnswer(_ field: String) {
        let harness = HTTPHarness(capacity: 1000)
        harness.client.readBytesMax = 1000
        harness.loop.turnNanoseconds = Self.second / 10
        harness.client.send(get("/large", field))
        harness.loop.advance(by: 70 * Self.second)
        #expect(harness.answers.map { $0.body.count } == [300_000])
        harness.loop.advance(by: 20 * Self.second)
        #expect(harness.remains == [])
    }

    @Test(arguments: ["", "Connection: close\r\n"])
    func aClientThatDoesNotReadIsGivenUp(_ field: String) {
        let harness = HTTPHarness(capacity: 1000)
        harness.client.readBytesMax = 0
        harness.client.send(get("/large", field))
        harness.loop.advance(by: 60 * Self.second)
        #expect(harness.remains == [])
    }

    /// Half a megabyte of requests would be four gigabytes of answers.
    @Test(arguments: Seed.some(5)) func aClientThatDoesNotReadGetsOneAnswerAtATime(_ seed: Seed) {
        let harness = HTTPHarness(seed, faults: .rough, capacity: 1000)
        harness.client.readBytesMax = 0
        for _ in 0..<200 { harness.client.send(String(repeating: get("/large"), count: 70)) }
        harness.loop.advance(by: 5 * Self.second)
        #expect(harness.service.targets.count == 1)
        #expect(harness.loop.pool.bytesLent < 2 << 20)
        harness.loop.advance(by: 60 * Self.second)
        #expect(harness.remains == [])
    }

    @Test(arguments: Seed.some(5)) func aSlowReaderGetsAllItsAnswersInOrder(_ seed: Seed) {
        let harness = HTTPHarness(seed, faults: .rough, capacity: 1000)
        harness.client.readBytesMax = 5000
        let targets = (0..<20).map { $0 % 5 == 0 ? "/large?\($0)" : "/\($0)" }
        for target in targets { harness.client.send(get(target)) }
        harness.client.send("GET /last HT")
        harness.loop.run { harness.answers.count == 20 }
        harness.client.send("TP/1.1\r\nHost: a\r\n\r\n")
        harness.loop.run { harness.answers.count == 21 }
        #expect(harness.service.targets == targets + ["/last"])
        #expect(harness.answers.map(\.status) == Array(repeating: 200, count: 21))
        harness.loop.advance(by: 30 * Self.second)
        #expect(harness.remains == [])
    }

    @Test func aDrainEndsAnIdleConnection() {
        let harness = HTTPHarness()
        harness.loop.settle()
        harness.connection?.drain()
        harness.loop.settle()
        #expect(harness.client.received.isEmpty)
        #expect(harness.remains == [])
    }

    @Test func aDrainLetsAnAnswerOut() {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.loop.settle()
        harness.connection?.drain()
        harness.loop.settle()
        #expect(harness.client.stream.isOpen)
        harness.service.answer(harness.service.waiting.removeFirst())
        harness.loop.settle()
        #expect(harness.answers == [HTTPAnswer(200, "/later", keepsAlive: false)])
        #expect(harness.client.hasSeenEnd)
        harness.loop.advance(by: 3 * Self.second)
        #expect(harness.remains == [])
    }

    /// A client that was told off and stays holds up nobody.
    @Test(arguments: [false, true]) func aDrainEndsALingeringConnection(_ isDrainingFirst: Bool) {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.loop.settle()
        if isDrainingFirst { harness.connection?.drain() }
        harness.service.waiting.removeFirst().refuse(.badRequest, "no", closes: true)
        harness.loop.advance(by: Self.second / 10)
        #expect(harness.answers.map(\.status) == [400] && harness.client.hasSeenEnd)
        #expect(harness.client.stream.isOpen != isDrainingFirst)
        harness.connection?.drain()
        #expect(harness.remains == [])
    }

    @Test func aDrainWaitsForTheDelivery() {
        let harness = HTTPHarness(capacity: 1000)
        harness.client.readBytesMax = 1000
        harness.loop.turnNanoseconds = Self.second / 10
        harness.client.send(get("/large", "Connection: close\r\n"))
        harness.loop.advance(by: Self.second)
        harness.connection?.drain()
        harness.loop.advance(by: 70 * Self.second)
        #expect(harness.answers.map { $0.body.count } == [300_000])
        #expect(harness.remains == [])
    }

    @Test func aDrainGivesUpAClientThatDoesNotRead() {
        let harness = HTTPHarness(capacity: 1000)
        harness.client.readBytesMax = 0
        harness.client.send(get("/large", "Connection: close\r\n"))
        harness.loop.advance(by: Self.second)
        harness.connection?.drain()
        harness.loop.advance(by: HTTPHarness.lingerTimeout + Self.second)
        #expect(harness.remains == [])
    }

    @Test func aConnectionLingersNoLongerThanItMay() {
        let harness = HTTPHarness()
        harness.client.send(get("/one", "Connection: close\r\n"))
        harness.loop.settle()
        harness.loop.advance(by: HTTPHarness.lingerTimeout + Self.second / 10)
        #expect(harness.remains == [])
    }

    @Test(arguments: Seed.some(60)) func aResetAtAnyMomentLeavesNothing(_ seed: Seed) {
        let harness = HTTPHarness(seed, faults: .rough)
        harness.client.cuts = .random
        harness.client.send(get("/one") + get("/large") + get("/later") + get("/upgrade") + "rest")
        for _ in 0..<Int.random(in: 0..<60, using: &harness.loop.generator) { harness.loop.turn() }
        harness.client.reset()
        harness.loop.settle()
        for exchange in harness.service.waiting { harness.service.answer(exchange) }
        harness.service.waiting = []
        harness.loop.settle()
        #expect(harness.remains == [])
    }
}
