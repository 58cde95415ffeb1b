@testable import Bridge
import SimulatedIO
import SystemCalls
import Telemetry
import Testing

@Suite struct SessionCensusTests {
    @Test func numbersMoveWhileASessionRuns() {
        let harness = RouteHarness(nil)
        let client = harness.connect("", [.text("one"), .text("three")])
        harness.loop.settle()
        #expect(harness.tally.sessionsStarted == 1 && harness.tally.sessionsOpen == 1)
        #expect(harness.tally.moved == moved(messages: 2, bytes: 8))
        #expect(harness.census.connections == 1)
        client.send(WireFrame.text("four").masked())
        harness.loop.settle()
        #expect(harness.tally.moved == moved(messages: 3, bytes: 12))
        client.send(WireFrame.close(1000).masked())
        client.finish()
        harness.loop.settle()
        client.close()
        harness.loop.settle()
        #expect(harness.tally.sessionsOpen == 0 && harness.census.connections == 0)
        #expect(harness.tally.sessionsEnded[.registered(1000)] == 1)
        #expect(harness.tally.moved == moved(messages: 3, bytes: 12))
    }

    /// What an open session has moved is asked of its stream, what an ended one has is added up: between the two
    /// nothing may be missed or counted twice, or a counter falls.
    @Test(arguments: Seed.some(12)) func countersNeverFall(_ seed: Seed) {
        let harness = RouteHarness(.start(.cat), seed, faults: .rough)
        let frames = (0..<20).map { WireFrame.text("message \($0)") }
        let clients = (0..<4).map { harness.connect($0 == 3 ? "Origin: http://other\r\n" : "", frames) }
        var before = harness.tally
        for turn in 0..<1500 {
            if turn == 300 { clients[0].reset() }
            if turn == 400 { clients[1].send(WireFrame.close(1000).masked()) }
            if turn == 500 { clients[2].close() }
            harness.loop.turn()
            let now = harness.tally
            #expect(before.isNotAbove(now), "turn \(turn)")
            before = now
        }
        clients[1].close()
        harness.loop.advance(by: 30_000_000_000)
        #expect(harness.tally.sessionsStarted == 3 && harness.tally.sessionsOpen == 0)
        #expect(harness.tally.children.started == 3 && harness.tally.children.running == 0)
        #expect(before.isNotAbove(harness.tally))
        #expect(harness.tally.handshakesRefused[403] == 1)
        #expect(harness.log.sessionsEnded == 3)
    }

    @Test(arguments: [
        (SimulatedProgram.Step.exit(0), ChildOutcome.exitZero), (.exit(3), .exitNonzero), (.die(.kill), .signal),
        (.hang, .teardown),
    ])
    func programsEndInKinds(last: SimulatedProgram.Step, outcome: ChildOutcome) {
        let harness = RouteHarness(.start(SimulatedProgram([.drain, last])))
        let client = harness.connect()
        harness.loop.settle()
        #expect(harness.tally.children.running == 1 && harness.tally.children.started == 1)
        client.close()
        harness.loop.advance(by: 30_000_000_000)
        #expect(harness.tally.children.running == 0)
        #expect(ChildOutcome.allCases.filter { harness.tally.children.ended[$0] == 1 } == [outcome])
        #expect(harness.tally.sessionsEnded[.registered(1006)] == 1)
    }

    @Test(arguments: [
        ("another origin", "Origin: http://other\r\n", Admission.admitted, 403),
        ("full", "", .full, 503), ("too many of one", "", .clientIsFull, 429), ("too fast", "", .clientIsTooFast, 429),
        ("no program", "", .admitted, 503),
    ] as [(String, String, Admission, UInt16)])
    func refusalsAreCountedByStatus(name: String, fields: String, admission: Admission, status: UInt16) {
        let harness = RouteHarness(.fail("no such program"))
        harness.ledger.admission = admission
        harness.connect(fields)
        harness.loop.settle()
        #expect(harness.tally.handshakesRefused.kinds == [status])
        #expect(harness.tally.handshakesRefused[status] == 1)
        #expect(harness.tally.children.startFailures == (name == "no program" ? 1 : 0))
        #expect(harness.tally.sessionsStarted == 0 && harness.ledger.places == 0)
    }

    @Test func pausesAreCountedByDirection() {
        var session = SessionOptions()
        session.backpressureMax = 4096
        let harness = RouteHarness(
            .start(SimulatedProgram([.flood([UInt8](repeating: 0x61, count: 999) + [0x0A])])), session: session)
        let client = harness.connect(capacity: 4096)
        client.readBytesMax = 200
        harness.loop.run(until: { harness.tally.pauses[.sent] > 0 })
        client.readBytesMax = 0
        #expect(harness.tally.pauses[.sent] > 0)
        #expect(harness.tally.pauses[.received] == 0)
        #expect(harness.tally.moved.messagesSent > 0)
    }

    /// A connection that has not asked for a session yet is a connection.
    @Test func connectionsThatOnlyWaitAreCounted() {
        let harness = RouteHarness(.start(.cat))
        harness.launcher.delay = 1_000_000_000
        harness.connect()
        harness.loop.run(until: { harness.launcher.recipes.count == 1 })
        #expect(harness.census.connections == 1 && harness.tally.sessionsOpen == 0)
    }

    private func moved(messages: Int, bytes: Int) -> SessionCounters {
        var counters = SessionCounters()
        counters.received(messages: messages, payloadBytes: bytes)
        counters.sent(messages: messages, payloadBytes: bytes)
        return counters
    }
}

extension RouteTally {
    fileprivate func isNotAbove(_ later: RouteTally) -> Bool {
        let (old, new) = (self.moved, later.moved)
        return old.messagesReceived <= new.messagesReceived && old.bytesReceived <= new.bytesReceived
            && old.messagesSent <= new.messagesSent && old.bytesSent <= new.bytesSent
            && self.sessionsEnded.sum <= later.sessionsEnded.sum && self.children.started <= later.children.started
    }
}
