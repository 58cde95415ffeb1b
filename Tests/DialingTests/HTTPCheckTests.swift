import Dialing
import IOCore
import ProxyProtocol
import SimulatedIO
import SystemCalls
import Testing
import Upstreams

/// Checks that ask a server by HTTP.
@Suite struct HTTPCheckTests {
    private static let second: UInt64 = 1_000_000_000
    private static let address = SocketAddress.ipv4(address: 0x0A00_0001, port: 80)
    private static let check = HTTPCheck(
        target: "/healthz?full=1", host: nil, agent: "wsbridge/0", statuses: HTTPCheck.statusesStandard)
    private static let request =
        "GET /healthz?full=1 HTTP/1.1\r\nHost: 10.0.0.1:80\r\nUser-Agent: wsbridge/0\r\nAccept: */*\r\n"
        + "Connection: close\r\n\r\n"

    /// One server whose first check is its verdict.
    private final class Site {
        let harness: DialHarness
        let group: UpstreamGroup
        private(set) var checks: HealthChecks?
        var network: SimulatedNetwork { self.harness.loop.network }
        var isIn: Bool { self.group.snapshot(now: 0)[0].isIn }
        var reason: String? {
            guard case .down(_, let reason)? = self.harness.events.events.first else { return nil }
            return reason
        }

        init(
            _ seed: Seed = Seed(0), faults: SimulatedFaults = .none, server: String = "10.0.0.1:80",
            dialing: DialSettings = DialSettings(), check: HTTPCheck = HTTPCheckTests.check,
            serve: @escaping (SimulatedClient) -> Void
        ) throws {
            let harness = DialHarness(seed, faults: faults)
            self.harness = harness
            self.group = try harness.group([server]) {
                var settings = CheckSettings()
                settings.fall = 1
                settings.rise = 1
                settings.http = check
                $0.check = settings
            }
            harness.loop.network.servers[HTTPCheckTests.address] = .accepts()
            harness.loop.network.onAccept = serve
            self.checks = HealthChecks(self.group, dialing, loop: harness.loop, names: harness.names) {
                harness.workspace
            }
        }

        /// One check, and what it leaves behind.
        func checkOnce() {
            self.checks?.start()
            self.harness.loop.advance(by: 4 * HTTPCheckTests.second)
            self.checks?.stop()
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let answer: String
        var ends = false
        /// Nil: good.
        var reason: String?
        var testDescription: String { self.name }
    }

    static let rows: [Row] = [
        Row(name: "ok", answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        Row(name: "no content", answer: "HTTP/1.1 204 No Content\r\n\r\n"),
        Row(name: "a redirect", answer: "HTTP/1.0 302 Found\r\nLocation: /login\r\n\r\n", ends: true),
        Row(name: "chunks", answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
        Row(name: "until the end", answer: "HTTP/1.1 200 OK\r\n\r\nfine", ends: true),
        Row(
            name: "an early hint",
            answer: "HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"),
        Row(
            name: "what comes behind the head is not judged",
            answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Row(name: "cut content", answer: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", ends: true),
        Row(name: "it fails", answer: "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", reason: "it answered 503"),
        Row(name: "not found", answer: "HTTP/1.1 404 Not Found\r\n\r\n", ends: true, reason: "it answered 404"),
        Row(name: "a switch", answer: "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", reason: "it answered 101"),
        Row(
            name: "no HTTP", answer: "220 mail.example ESMTP\r\n",
            reason: "its first line is not: HTTP/1.1, space, three digits"),
        Row(
            name: "bytes", answer: "\u{0}\u{1}",
            reason: "its head contains a byte or a line end that is not allowed there"),
        Row(
            name: "two lengths", answer: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            reason: "it has more than one Content-Length field"),
        Row(name: "nothing", answer: "", ends: true, reason: "it ended the connection without an answer"),
        Row(
            name: "half a head", answer: "HTTP/1.1 200 OK\r\nX: y\r\n", ends: true,
            reason: "it ended the connection without an answer"),
        Row(name: "half a head and silence", answer: "HTTP/1.1 200 OK\r\n", reason: "no answer within 3 s"),
        Row(name: "silence", answer: "", reason: "no answer within 3 s"),
    ]

    /// Whole, cut at every byte, and by whatever a bad network does.
    @Test(arguments: Self.rows, [SimulatedClient.Cuts.none, .everyByte, .random])
    func theHeadDecides(_ row: Row, _ cuts: SimulatedClient.Cuts) throws {
        let site = try Site(Seed(7), faults: cuts == .random ? .rough : .none) { end in
            end.cuts = cuts
            end.react = {
                guard end.received.count == Self.request.utf8.count else { return }
                end.send(row.answer)
                if row.ends { end.finish() }
            }
        }
        site.checkOnce()
        let asked = site.network.accepted.first.map { String(decoding: $0.end.received, as: UTF8.self) }
        #expect(asked == Self.request)
        #expect(site.reason == row.reason.map { "10.0.0.1:80 was asked for /healthz?full=1: \($0)" })
        #expect(site.isIn == (row.reason == nil))
        #expect(site.network.accepted.allSatisfy { !$0.end.stream.isOpen })
        #expect(site.harness.remains == [])
    }

    /// Every prefix of an answer, and then a reset.
    @Test func aConnectionThatBreaks() throws {
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine".utf8)
        let headBytes = answer.count - 4
        for count in 0...answer.count {
            let site = try Site { end in
                end.send(Array(answer.prefix(count)))
                end.react = { if end.unsentCount == 0 { end.reset() } }
            }
            site.checkOnce()
            #expect(site.isIn == (count >= headBytes), "\(count) bytes")
            #expect(site.harness.remains == [], "\(count) bytes")
        }
    }

    /// Neither a head nor content without end is taken, and nobody waits beyond the deadline.
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n", "X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", false),
        ("", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", false),
        ("", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ("HTTP/1.1 200 OK\r\n\r\n", "content, content, content, content, content, content, content\n", true),
    ])
    func anAnswerWithoutEnd(_ begin: String, _ piece: String, _ isGood: Bool) throws {
        let site = try Site { end in
            end.send(begin)
            for _ in 0..<8192 { end.send(piece) }
        }
        site.checkOnce()
        let end = try #require(site.network.accepted.first?.end)
        #expect(site.isIn == isGood)
        #expect(end.bytesTaken < 512 << 10, "windows, and not all of it")
        #expect(!end.stream.isOpen)
        #expect(site.harness.remains == [])
    }

    @Test func oneAtATimeAndOnlyChangesAreTold() throws {
        var answer = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
        let site = try Site { end in end.react = { end.send(answer) } }
        site.checks?.start()
        site.harness.loop.advance(by: 22 * Self.second)
        #expect(site.network.accepted.count == 5)
        #expect(site.harness.events.events.count == 1)
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        site.harness.loop.advance(by: 22 * Self.second)
        #expect(site.harness.events.events.count == 2)
        #expect(site.harness.events.events.last == .up(server: "10.0.0.1:80"))
        #expect(site.isIn)
        site.checks?.stop()
        #expect(site.network.accepted.allSatisfy { !$0.end.stream.isOpen })
        #expect(site.harness.remains == [])
    }

    /// An endless answer holds one connection until the deadline, and the next check comes behind it.
    @Test func theDeadlineHoldsForContentToo() throws {
        let site = try Site { end in end.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") }
        site.checks?.start()
        site.harness.loop.advance(by: 2 * Self.second)
        #expect(site.network.accepted.count(where: { $0.end.stream.isOpen }) == 1)
        site.harness.loop.advance(by: 2 * Self.second)
        #expect(site.network.accepted.count(where: { $0.end.stream.isOpen }) == 0)
        #expect(site.isIn && site.harness.events.events.isEmpty)
        site.harness.loop.advance(by: 5 * Self.second)
        #expect(site.network.accepted.count == 2)
        site.checks?.stop()
        #expect(site.harness.remains == [])
    }

    @Test func headerHostAndStatusAsConfigured() throws {
        let check = HTTPCheck(target: "/", host: "app.example", agent: "w", statuses: [404...404])
        var dialing = DialSettings()
        dialing.proxyHeader = .version1
        let site = try Site(dialing: dialing, check: check) {
            $0.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        }
        site.checkOnce()
        let header = String(decoding: ProxyHeader.local.version1, as: UTF8.self)
        let text = String(decoding: site.network.accepted.first?.end.received ?? [], as: UTF8.self)
        #expect(text.hasPrefix("\(header)GET / HTTP/1.1\r\nHost: app.example\r\n"))
        #expect(site.isIn && site.harness.events.events.isEmpty)
    }

    /// The far end sends back what it hears; what counts is that it was heard at all.
    @Test func overTLSWhereTheServersSpeakIt() throws {
        let made = Secrets.server()
        let contexts = try #require(made)
        var dialing = DialSettings()
        dialing.tls = DialSettings.TLS(context: try Secrets.client(), serverName: nil)
        var ends: [TLSServerEnd] = []
        let site = try Site(dialing: dialing) { end in TLSServerEnd(end, contexts).map { ends.append($0) } }
        site.checkOnce()
        #expect(ends.first.map { String(decoding: $0.heard, as: UTF8.self) } == Self.request)
        #expect(site.reason?.hasSuffix("its first line is not: HTTP/1.1, space, three digits") == true)
        let stranger = try Site(server: "stranger.example:80", dialing: dialing) { end in
            TLSServerEnd(end, contexts).map { ends.append($0) }
        }
        stranger.harness.names.answers["stranger.example"] = .addresses([Self.address])
        stranger.checkOnce()
        #expect(stranger.reason?.contains("certificate verify failed") == true)
        #expect(stranger.harness.remains == [])
    }
}
