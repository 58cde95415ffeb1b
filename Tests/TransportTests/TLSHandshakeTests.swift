import IOCore
import SimulatedIO
import TLSEngine
import Testing
import Transport

@Suite struct TLSHandshakeTests {
    @Test(arguments: [SimulatedClient.Cuts.none, .everyByte, .random])
    func succeedsHoweverItIsCut(_ cuts: SimulatedClient.Cuts) throws {
        let harness = try #require(TLSHarness(Seed(3)))
        harness.client.cuts = cuts
        let delegate = try #require(harness.connect())
        #expect(harness.loop.timerCount == 0)
        harness.send(Array("hello".utf8))
        harness.loop.settle()
        #expect(delegate.heard == Array("hello".utf8))
        delegate.stream?.close()
        #expect(harness.remains.isEmpty)
    }

    @Test func plainHTTPIsAnsweredInPlain() throws {
        for cuts in [SimulatedClient.Cuts.none, .everyByte] {
            let harness = try #require(TLSHarness())
            harness.client.cuts = cuts
            harness.client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + String(repeating: "x", count: 1000))
            harness.loop.settle()
            #expect(harness.failure == .plainHTTP)
            #expect(harness.client.received == TLSHarness.plainAnswer)
            #expect(harness.client.hasSeenEnd)
            #expect(harness.client.stream.isOpen)
            harness.client.finish()
            harness.loop.settle()
            #expect(!harness.client.wasReset)
            #expect(harness.remains.isEmpty)
        }
    }

    @Test func rubbishEndsWithAnAlert() throws {
        let harness = try #require(TLSHarness())
        harness.client.send([22, 3, 1, 0, 5] + Array("hello".utf8))
        harness.loop.settle()
        guard case .tls(.violation) = harness.failure else {
            Issue.record("\(String(describing: harness.failure))")
            return
        }
        // A record of an alert, fatal.
        #expect(harness.client.received.first == 21)
        #expect(harness.client.received.count == 7)
        // It goes on talking and never ends its side.
        harness.client.send([UInt8](repeating: 0, count: 100_000))
        harness.loop.settle()
        #expect(harness.client.stream.isOpen)
        harness.loop.advance(by: TLSHarness.deadline + 1_000_000_000)
        #expect(harness.remains.isEmpty)
    }

    @Test func halfAHandshakeIsGivenUpAtTheDeadline() throws {
        for bytes in [[], [22], [22, 3, 1, 2, 0, 1]] as [[UInt8]] {
            let harness = try #require(TLSHarness())
            harness.client.send(bytes)
            harness.loop.advance(by: TLSHarness.deadline - 1_000_000_000)
            #expect(harness.failure == nil)
            harness.loop.advance(by: 2_000_000_000)
            #expect(harness.failure == .late)
            #expect(harness.remains.isEmpty)
        }
    }

    @Test func whoLeavesIsForgotten() throws {
        let left = try #require(TLSHarness())
        left.client.send([22, 3])
        left.client.finish()
        left.loop.settle()
        #expect(left.failure == .cut)
        #expect(left.remains.isEmpty)
        let reset = try #require(TLSHarness())
        reset.client.reset()
        reset.loop.settle()
        #expect(reset.failure == .transport(.system(104)))
        #expect(reset.remains.isEmpty)
        let drained = try #require(TLSHarness())
        drained.stream?.drain()
        #expect(drained.failure == nil)
        #expect(drained.remains.isEmpty)
    }

    /// A storm of handshakes gets a few steps a turn, in the order in which it came.
    @Test(arguments: Seed.some(5))
    func aTurnHasABudget(_ seed: Seed) throws {
        let first = try #require(TLSHarness(seed))
        var storm = [first]
        for _ in 1..<60 { storm.append(try #require(TLSHarness(sharing: first))) }
        for harness in storm { harness.step() }
        var answered = 0
        for _ in 0..<200 {
            first.loop.turn()
            let now = storm.filter { !$0.client.received.isEmpty }.count
            #expect(now - answered <= 2 * HandshakeQueue.stepsPerTurnMax, "\(seed)")
            answered = now
        }
        #expect(answered == storm.count, "\(seed)")
        #expect(first.loop.run { storm.allSatisfy { $0.delegate != nil } }, "\(seed)")
        for harness in storm { harness.stream?.close() }
        first.loop.settle()
        #expect(first.remains.isEmpty, "\(seed)")
    }
}
