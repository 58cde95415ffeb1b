import Bridge
import Forwarding
import HTTPConnection
import HTTPSemantics
import IOCore
@testable import Proxy
import SimulatedIO
import Telemetry
import Testing

/// An answer as servers send it, and as the client gets it.
struct RelayRow: Sendable, CustomTestStringConvertible {
    let name: String
    let sent: String
    let received: String
    var method = "GET"
    var version = "HTTP/1.1"
    /// Whether the server ends the connection behind it.
    var closes = false

    var testDescription: String { self.name }
}

@Suite struct ProxyExchangeTests {
    private static func get(_ target: String = "/", _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: app\r\n\(fields)\r\n"
    }

    /// A server that answers every whole head with this.
    private static func answering(_ answer: String, closes: Bool = false) -> (SimulatedClient, inout [UInt8]) -> Void {
        { server, request in
            guard request.contains("\r\n\r\n") else { return }
            request = []
            server.send(answer)
            if closes { server.finish() }
        }
    }

    static let rows: [RelayRow] = [
        RelayRow(
            name: "a length", sent: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x\r\nX: y\r\n\r\nhello",
            received: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        RelayRow(
            name: "chunks and trailers",
            sent: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\nSum: 1\r\nHost: x\r\n\r\n",
            received: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nSum: 1\r\n\r\n"),
        RelayRow(
            name: "chunks for HTTP/1.0",
            sent: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            received: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", version: "HTTP/1.0"),
        RelayRow(
            name: "up to the end", sent: "HTTP/1.0 200 OK\r\n\r\nhello",
            received: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", closes: true),
        RelayRow(
            name: "HEAD", sent: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
            received: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", method: "HEAD"),
        RelayRow(
            name: "204", sent: "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
            received: "HTTP/1.1 204 No Content\r\n\r\n"),
        RelayRow(
            name: "304", sent: "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nETag: x\r\n\r\n",
            received: "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nETag: x\r\n\r\n"),
        RelayRow(
            name: "interim answers", sent:
                "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            received: "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        RelayRow(
            name: "no interim answers for HTTP/1.0", sent:
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            received: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", version: "HTTP/1.0"),
    ]

    /// With chunks the sizes depend on the cuts: only their content is compared there.
    private static func normalized(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains("Transfer-Encoding: chunked"), let end = Self.lineEnd(bytes[...], isLast: true) else {
            return bytes
        }
        var rest = bytes[end...]
        var content: [UInt8] = []
        while let line = Self.lineEnd(rest, isLast: false), let size = Int(Array(rest[..<(line - 2)]).text, radix: 16),
            size > 0, rest.endIndex >= line + size + 2
        {
            content += rest[line..<line + size]
            rest = rest[(line + size + 2)...]
        }
        return bytes[..<end] + content + rest
    }

    /// Behind the first line end, or behind the empty line that ends a head.
    private static func lineEnd(_ bytes: ArraySlice<UInt8>, isLast: Bool) -> Int? {
        let mark = Array((isLast ? "\r\n\r\n" : "\r\n").utf8)
        return bytes.indices.first { bytes[$0...].starts(with: mark) }.map { $0 + mark.count }
    }

    @Test(arguments: rows, [SimulatedClient.Cuts.none, .everyByte])
    func answersArriveHoweverTheyAreCut(_ row: RelayRow, _ cuts: SimulatedClient.Cuts) {
        let harness = ProxyHarness()
        harness.connector.cuts = cuts
        harness.connector.serve = Self.answering(row.sent, closes: row.closes)
        let client = harness.connect()
        client.send("\(row.method) / \(row.version)\r\nHost: app\r\n\r\n")
        let expected = Self.normalized(Array(row.received.utf8))
        #expect(harness.run { Self.normalized(client.received) == expected }, "\(client.received.text)")
        #expect(harness.remainsAfterwards() == [])
    }

    /// BEHAVIOUR section 6: none of it goes further.
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "nonsense\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n", "",
    ])
    func badAnswersAre502(_ answer: String) {
        let harness = ProxyHarness()
        harness.connector.serve = Self.answering(answer, closes: true)
        let client = harness.connect()
        client.send(Self.get())
        #expect(harness.run { client.received.contains("no proper answer") })
        #expect(client.received.text.hasPrefix("HTTP/1.1 502 "), "\(client.received.text)")
        #expect(harness.answers.groups == [0, 0, 0, 0, 0, 1])
        #expect(harness.remainsAfterwards() == [])
    }

    /// The client must see that it has not got all.
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX",
    ])
    func anAnswerThatBreaksOffIsCutOff(_ answer: String) {
        let harness = ProxyHarness()
        harness.connector.serve = Self.answering(answer, closes: true)
        let client = harness.connect()
        client.send(Self.get())
        #expect(harness.run { client.hasSeenEnd })
        #expect(client.received.contains("hello"))
        #expect(!client.received.contains("\r\n0\r\n"))
        #expect(harness.remainsAfterwards() == [])
    }

    @Test func requestsInARowAreAnsweredInOrderOnOneConnection() {
        let harness = ProxyHarness()
        harness.connector.serve = { server, request in
            while let end = request.text.firstRange(of: "\r\n\r\n") {
                let target = request.text.split(separator: " ")[1]
                request = Array(request.text[end.upperBound...].utf8)
                server.send("HTTP/1.1 200 OK\r\nContent-Length: \(target.utf8.count)\r\n\r\n\(target)")
            }
        }
        let client = harness.connect()
        client.send(Self.get("/one") + Self.get("/two") + Self.get("/three"))
        #expect(harness.run { client.received.contains("/three") })
        let bodies = client.received.text.split(separator: "\r\n\r\n").dropFirst().map { $0.prefix { $0 != "H" } }
        #expect(bodies == ["/one", "/two", "/three"])
        #expect(harness.connector.servers.count == 1)
        #expect(harness.answers.groups == [0, 0, 3, 0, 0, 0])
        #expect(harness.route.settings.tally.upstream.connected == 1)
        #expect(harness.remainsAfterwards() == [])
    }

    @Test(arguments: [("GET", true), ("HEAD", true), ("POST", false), ("DELETE", false)])
    func aConnectionThatHadWaitedMayBeGone(_ method: String, _ isRepeated: Bool) {
        let harness = ProxyHarness()
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        var served = 0
        harness.connector.serve = { server, request in
            guard request.contains("\r\n\r\n") else { return }
            request = []
            served += 1
            // The second request on the first connection meets its end.
            if served == 2 { server.close() } else { server.send(answer) }
        }
        let client = harness.connect()
        client.send(Self.get())
        #expect(harness.run { client.received == Array(answer.utf8) })
        client.send("\(method) / HTTP/1.1\r\nHost: app\r\n\r\n")
        let expected = isRepeated ? "HTTP/1.1 200 OK" : "HTTP/1.1 502 Bad Gateway"
        #expect(harness.run { client.received.count > answer.utf8.count + 20 })
        #expect(client.received.dropFirst(answer.utf8.count).starts(with: expected.utf8), "\(client.received.text)")
        #expect(harness.connector.servers.count == (isRepeated ? 2 : 1))
        #expect(harness.remainsAfterwards() == [])
    }

    @Test(arguments: Seed.some(10))
    func bodiesGoBothWaysWhateverTheWorldDoes(_ seed: Seed) {
        var options = ProxyHarness.Options()
        options.faults = .rough
        let harness = ProxyHarness(seed, options)
        var random = seed.generator
        let isChunked = seed.value % 2 == 0
        let body = (0..<60_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        harness.connector.cuts = .random
        let end = isChunked ? "0\r\n\r\n" : ""
        harness.connector.serve = { server, request in
            guard request.count > body.count else { return }
            let last = isChunked ? Array(end.utf8) : body
            let isWhole = request.suffix(last.count) == last[...]
            guard isWhole else { return }
            request = []
            server.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
            server.send(body)
        }
        let client = harness.connect(capacity: 8192)
        client.cuts = .random
        client.readBytesMax = 3000
        if isChunked {
            client.send("PUT / HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n")
            var rest = body[...]
            while !rest.isEmpty {
                let part = rest.prefix(1 + Int(random.next() % 9000))
                rest = rest.dropFirst(part.count)
                client.send("\(String(part.count, radix: 16))\r\n")
                client.send(Array(part))
                client.send("\r\n")
            }
            client.send(end)
        } else {
            client.send("PUT / HTTP/1.1\r\nHost: app\r\nContent-Length: \(body.count)\r\n\r\n")
            client.send(body)
        }
        #expect(harness.run { client.received.count > body.count }, "\(seed)")
        #expect(harness.run { client.received.suffix(body.count).elementsEqual(body) }, "\(seed)")
        #expect(harness.remainsAfterwards() == [], "\(seed)")
    }

    @Test func aClientThatDoesNotReadStopsTheServer() {
        let harness = ProxyHarness()
        harness.connector.serve = { server, request in
            guard request.contains("\r\n\r\n") else { return }
            request = []
            server.send("HTTP/1.1 200 OK\r\n\r\n")
            server.send([UInt8](repeating: 0x61, count: 4 << 20))
        }
        let client = harness.connect()
        client.readBytesMax = 0
        client.send(Self.get())
        _ = harness.loop.run(for: ProxyHarness.second) { false }
        #expect(harness.connector.servers[0].bytesTaken < 1 << 20)
        client.readBytesMax = nil
        #expect(harness.run { client.received.count > 4 << 20 })
        #expect(harness.remainsAfterwards() == [])
    }

    @Test func aServerThatDoesNotReadStopsTheClient() {
        let harness = ProxyHarness()
        let client = harness.connect()
        client.send("PUT / HTTP/1.1\r\nHost: app\r\nContent-Length: 4194304\r\n\r\n")
        #expect(harness.run { !harness.connector.servers.isEmpty })
        harness.connector.servers[0].readBytesMax = 0
        client.send([UInt8](repeating: 0x61, count: 4 << 20))
        _ = harness.loop.run(for: ProxyHarness.second) { false }
        #expect(client.bytesTaken < 1 << 20)
        harness.connector.servers[0].readBytesMax = nil
        #expect(harness.run { harness.connector.servers[0].received.count > 4 << 20 })
        #expect(harness.remainsAfterwards() == [])
    }

    /// A long poll is held for hours, and its server hears of a client that goes.
    @Test func aClientThatGoesIsTold() {
        let harness = ProxyHarness()
        let client = harness.connect()
        client.send(Self.get())
        #expect(harness.run { harness.connector.servers.first?.received.contains("\r\n\r\n") ?? false })
        _ = harness.loop.run(for: 3 * 3600 * ProxyHarness.second) { false }
        #expect(!harness.connector.servers[0].hasSeenEnd)
        client.close()
        #expect(harness.run { harness.connector.servers[0].hasSeenEnd })
        #expect(harness.remainsAfterwards() == [])
    }

    /// Requests that wait behind the one that is answered hide nobody's end; and there are not many of them.
    @Test(arguments: ["", "GET /half HTTP/1.1\r\n"]) func aClientThatPipelinesAndGoesIsTold(_ rest: String) {
        let harness = ProxyHarness()
        let client = harness.connect()
        client.send(Self.get("/one") + Self.get("/two") + rest)
        #expect(harness.run { harness.connector.servers.first?.received.contains("\r\n\r\n") ?? false })
        client.finish()
        #expect(harness.run { harness.connector.servers[0].hasSeenEnd })
        #expect(harness.connector.servers.count == 1)
        #expect(harness.remainsAfterwards() == [])
    }

    /// Who pipelines on while an answer is on its way is read no further than that, and gets its answers.
    @Test func requestsThatWaitAreBounded() {
        let harness = ProxyHarness()
        var isAnswering = false
        harness.connector.serve = { server, request in
            guard isAnswering else { return }
            while let end = request.text.firstRange(of: "\r\n\r\n") {
                request = Array(request.text[end.upperBound...].utf8)
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let client = harness.connect()
        let filler = "X: " + String(repeating: "x", count: 4000) + "\r\n"
        client.send(Self.get())
        for _ in 0..<100 {
            client.send(Self.get("/", filler))
            _ = harness.loop.run(for: ProxyHarness.second / 100) { false }
        }
        #expect(client.bytesTaken < 1 << 17)
        isAnswering = true
        harness.connector.servers[0].react?()
        #expect(harness.run { client.received.text.split(separator: "200 OK").count == 102 })
        client.close()
        #expect(harness.remainsAfterwards() == [])
    }

    /// It asks on while it still reads.
    @Test func aSlowReaderMayPipeline() {
        let harness = ProxyHarness()
        harness.connector.serve = { server, request in
            while let end = request.text.firstRange(of: "\r\n\r\n") {
                request = Array(request.text[end.upperBound...].utf8)
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                server.send([UInt8](repeating: 0x61, count: 1_000_000))
            }
        }
        let client = harness.connect()
        client.readBytesMax = 10_000
        client.send(Self.get())
        #expect(harness.run { client.received.count > 1000 })
        for _ in 0..<2 {
            client.send(Self.get())
            _ = harness.loop.run(for: 100_000) { false }
        }
        #expect(client.received.count < 1_000_000)
        #expect(harness.run { client.received.count > 3_000_000 })
        client.close()
        #expect(harness.remainsAfterwards() == [])
    }

    @Test func whoKeepsUsWaitingIsNotWaitedFor() {
        var options = ProxyHarness.Options()
        options.responseTimeout = 2 * ProxyHarness.second
        let harness = ProxyHarness(Seed(0), options)
        let patient = harness.connect()
        patient.send(Self.get())
        #expect(harness.run { patient.received.contains("504 Gateway Timeout") })
        let slow = harness.connect()
        slow.send("PUT / HTTP/1.1\r\nHost: app\r\nContent-Length: 10\r\n\r\nabc")
        #expect(harness.run { slow.received.contains("408 Request Timeout") })
        #expect(harness.remainsAfterwards() == [])
    }

    @Test(arguments: ["5\nhello\r\n", "x\r\n", "5\r\nhelloo"])
    func bodiesThatBreakTheRulesAreRefused(_ chunks: String) {
        let harness = ProxyHarness()
        let client = harness.connect()
        client.send("PUT / HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)")
        #expect(harness.run { client.received.contains("400 Bad Request") })
        #expect(client.received.contains("Connection: close"))
        #expect(harness.refusals == [.badRequest])
        #expect(harness.remainsAfterwards() == [])
    }

    @Test func aCookieLeadsBackToTheServer() {
        var options = ProxyHarness.Options()
        options.stickyCookie = "route"
        let harness = ProxyHarness(Seed(0), options)
        harness.connector.serve = Self.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let client = harness.connect()
        client.send(Self.get())
        #expect(harness.run { client.received.contains("\r\n\r\n") })
        #expect(client.received.contains("Set-Cookie: route=00000000000000ab; Path=/; HttpOnly; SameSite=Lax\r\n"))
        let again = harness.connect()
        again.send(Self.get("/", "Cookie: a=b; route=00000000000000ab\r\n"))
        #expect(harness.run { again.received.contains("\r\n\r\n") })
        #expect(!again.received.contains("Set-Cookie"))
        #expect(harness.connector.requests.map(\.preferredServer) == [nil, 0xAB])
        #expect(harness.remainsAfterwards() == [])
    }
}
