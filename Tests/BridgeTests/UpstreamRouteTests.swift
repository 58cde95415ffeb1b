@testable import Bridge
import IOCore
import Routing
import SimulatedIO
import Telemetry
import Testing

/// A server is connected to before the client is answered.
@Suite struct UpstreamRouteTests {
    @Test func theAnswerWaitsForTheServer() {
        let harness = RouteHarness(nil, servers: .init(plan: .wait))
        let client = harness.connect("", [.binary([1, 2, 3])])
        harness.loop.settle()
        #expect(client.received.isEmpty && harness.connector.requests.count == 1)
        harness.connector.plan = .connect
        harness.loop.settle()
        #expect(String(decoding: client.received, as: UTF8.self).hasPrefix("HTTP/1.1 101 "))
        #expect(harness.connector.servers.first?.received == [1, 2, 3])
        #expect(harness.tally.upstream.connected == 1 && harness.tally.sessionsStarted == 1)
        #expect(harness.tally.upstream.connectNanoseconds > 0)
        client.close()
        harness.connector.servers.first?.finish()
        harness.loop.settle()
        // The place is given back with the end of the session, by the log.
        #expect(harness.connector.releases == 1 && harness.log.sessionsEnded == 1)
    }

    @Test(arguments: [
        (ConnectFailure.unreachable(reason: "a:1: connection refused"), "502", UpstreamFailure.unreachable),
        (.timedOut(reason: "a:1: no answer"), "504", .timedOut),
        (.unavailable(reason: "all servers are full"), "503", .unavailable),
        (.unknownToken, "404", .unknownToken),
    ])
    func aFailureIsAStatus(failure: ConnectFailure, status: String, kind: UpstreamFailure) {
        let harness = RouteHarness(nil, servers: .init(plan: .fail(failure)))
        let client = harness.connect()
        harness.loop.settle()
        let answer = String(decoding: client.received, as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("Retry-After") == (status == "503"))
        #expect(!answer.contains("a:1"), "clients need not know where servers are")
        #expect(harness.tally.upstream.failures[kind] == 1 && harness.tally.upstream.failures.sum == 1)
        #expect(harness.tally.handshakesRefused.sum == 1 && harness.tally.sessionsStarted == 0)
        #expect(harness.log.count(of: "no connection to the upstream") == 1 && harness.ledger.places == 0)
        client.close()
        harness.loop.advance(by: 20_000_000_000)
        #expect(harness.loop.timerCount == 0)
    }

    @Test func aClientThatLeavesCallsTheConnectionOff() {
        let harness = RouteHarness(nil, servers: .init(plan: .wait))
        let client = harness.connect()
        harness.loop.settle()
        #expect(harness.connector.waiting == 1)
        client.reset()
        harness.loop.settle()
        #expect(harness.connector.waiting == 0 && harness.ledger.places == 0)
        harness.connector.plan = .connect
        harness.loop.settle()
        #expect(harness.connector.servers.isEmpty && harness.tally.sessionsStarted == 0)
    }

    @Test func aConnectionThatComesAfterTheDrainIsGivenBack() {
        let harness = RouteHarness(nil, servers: .init(plan: .wait))
        let client = harness.connect()
        harness.loop.settle()
        harness.route.drain()
        harness.connector.plan = .connect
        harness.loop.settle()
        #expect(String(decoding: client.received, as: UTF8.self).hasPrefix("HTTP/1.1 503 "))
        #expect(harness.connector.releases == 1 && harness.ledger.places == 0)
        #expect(harness.connector.servers.first?.stream.isOpen == false)
    }

    @Test(arguments: [
        ("/?token=blue", "blue"), ("/?a=1&token=blue&b", "blue"), ("/?token=a%20b+c", "a b c"), ("/?token=", ""),
        ("/?token=%ff", nil), ("/?token=%4", nil), ("/?tokens=x", nil), ("/", nil), ("/?", nil),
    ] as [(String, String?)])
    func theTokenIsInTheQuery(target: String, token: String?) {
        let harness = RouteHarness(nil, servers: .init(token: .query(parameter: "token")))
        let client = harness.connect(target: target)
        harness.loop.settle()
        #expect(harness.connector.requests.map(\.token) == (token == nil ? [] : [token]))
        let status = token == nil ? "404" : "101"
        #expect(String(decoding: client.received, as: UTF8.self).hasPrefix("HTTP/1.1 \(status) "))
    }

    @Test func theTokenIsInThePath() throws {
        let source = TokenSource.capture(name: "token")
        let table = RouteTable([([], try PathPattern(text: "/desk/{token}"))])
        let match = try #require(table.match(host: nil, path: try RequestPath("/desk/bl%75e")))
        #expect(source.token(query: "token=red", path: match.path) == "blue")
        #expect(source.token(query: "token=red", path: RoutedPath(try RequestPath("/"))) == nil)
    }
}
