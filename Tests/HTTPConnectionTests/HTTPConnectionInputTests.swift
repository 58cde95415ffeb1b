import Buffers
import HTTPSemantics
import SimulatedIO
import Testing

@Suite struct HTTPConnectionInputTests {
    @Test func aHeadMayComeByteByByte() {
        let harness = HTTPHarness()
        harness.client.cuts = .everyByte
        harness.client.send(get("/one") + get("/two"))
        harness.loop.settle()
        #expect(harness.answers == [HTTPAnswer(200, "/one"), HTTPAnswer(200, "/two")])
    }

    @Test(arguments: Seed.some(40)) func pipelinedRequestsAreAnsweredInOrder(_ seed: Seed) {
        let harness = HTTPHarness(seed, faults: .rough)
        harness.client.cuts = .random
        let targets = (0..<12).map { $0 % 3 == 1 ? "/later" : "/\($0)" }
        harness.client.send(targets.map { get($0) }.joined())
        var answered = 0
        for _ in 0..<5000 where answered < 4 {
            harness.loop.turn()
            guard harness.loop.generator.chance(20), !harness.service.waiting.isEmpty else { continue }
            harness.service.answer(harness.service.waiting.removeFirst())
            answered += 1
        }
        harness.loop.settle()
        #expect(harness.answers == targets.map { HTTPAnswer(200, $0) })
        #expect(answered == 4)
        harness.client.finish()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test func nothingIsReadWhileAnExchangeIsOpen() {
        let harness = HTTPHarness()
        harness.client.send(get("/later"))
        harness.loop.settle()
        harness.client.send([UInt8](repeating: 0x47, count: 60_000))
        harness.loop.settle()
        #expect(harness.client.bytesTaken < 1000)
        #expect(harness.loop.pool.bytesLent == 0)
    }

    @Test(arguments: [
        ("bare line feed", "GET / HTTP/1.1\nHost: a\n\n", 400),
        ("no such version", "GET / HTTP/3.7\r\nHost: a\r\n\r\n", 505),
        ("long request line", "GET /" + String(repeating: "a", count: 9000) + " HTTP/1.1\r\n", 414),
        ("large fields", "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 17_000) + "\r\n", 431),
    ])
    func aViolationIsAnsweredAndTheConnectionLingers(_ row: (name: String, wire: String, status: Int)) {
        let harness = HTTPHarness()
        // The rest of what a client sends must not turn the answer into a reset.
        harness.client.send(row.wire + String(repeating: "x", count: 200_000))
        harness.loop.settle()
        #expect(harness.answers.map(\.status) == [row.status], "\(row.name)")
        #expect(harness.answers.map(\.keepsAlive) == [false])
        #expect(harness.client.hasSeenEnd && harness.client.unsentCount == 0)
        #expect(harness.service.refusals.map { Int($0.code) } == [row.status])
        harness.client.close()
        harness.loop.settle()
        #expect(harness.remains == [])
    }

    @Test func aViolationBehindARequestIsAnsweredBehindItsAnswer() {
        let harness = HTTPHarness()
        harness.client.send(get("/one") + "nonsense\r\n\r\n")
        harness.loop.settle()
        #expect(harness.answers.map(\.status) == [200, 400])
    }

    @Test(arguments: Seed.some(40)) func bytesBehindAnUpgradeReachTheNewDelegate(_ seed: Seed) {
        let harness = HTTPHarness(seed, faults: .rough)
        let early = harness.loop.generator.bytes(3000)
        let isAsynchronous = seed.value % 2 == 0
        harness.client.cuts = seed.value % 3 == 0 ? .none : .random
        harness.client.send(Array(get(isAsynchronous ? "/later" : "/upgrade").utf8) + early)
        if isAsynchronous {
            harness.loop.run { !harness.service.waiting.isEmpty }
            for _ in 0..<20 { harness.loop.turn() }
            harness.service.upgrade(harness.service.waiting.removeFirst())
        }
        let hasAll = harness.loop.run(for: 1_000_000_000) { harness.service.upgraded?.bytes.count == early.count }
        #expect(hasAll && harness.service.upgraded?.bytes == early)
        harness.loop.settle()
        #expect(harness.answers.map(\.status) == [101])
        harness.client.finish()
        harness.loop.settle()
        #expect(harness.service.upgraded == nil)
        #expect(harness.remains == [])
    }
}
