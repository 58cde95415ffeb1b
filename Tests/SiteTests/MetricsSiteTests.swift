import HTTP1
import HTTPConnection
import HTTPSemantics
import SimulatedIO
@testable import Site
import SystemCalls
import Telemetry
import Testing

@Suite struct MetricsSiteTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let request: String
        let status: Int
        /// What the answer contains.
        let parts: [String]

        init(_ request: String, _ status: Int, _ parts: String...) {
            self.request = request
            self.status = status
            self.parts = parts
        }

        var testDescription: String { self.request }
    }

    static let rows = [
        Row(
            "GET /metrics HTTP/1.1", 200, "Content-Type: text/plain; version=0.0.4; charset=utf-8",
            "Cache-Control: no-store", "\n# TYPE wsbridge_ready gauge\n"),
        Row("GET /metrics?name[]=x HTTP/1.1", 200, "wsbridge_ready 1"),
        Row("GET /metrics HTTP/1.0", 200, "Connection: close"),
        Row("GET /healthz HTTP/1.1", 200, "\r\n\r\nhealthy\n", "Content-Type: text/plain; charset=utf-8"),
        Row("GET /readyz HTTP/1.1", 200, "\r\n\r\nready\n"),
        Row("GET / HTTP/1.1", 404, "/metrics, /healthz, /readyz"),
        Row("GET /metrics/ HTTP/1.1", 404),
        Row("GET /Metrics HTTP/1.1", 404),
        Row("GET //metrics HTTP/1.1", 404),
        Row("GET /%6Detrics HTTP/1.1", 404),
        Row("POST /nothing HTTP/1.1", 404),
        Row("POST /metrics HTTP/1.1", 405, "Allow: GET, HEAD"),
        Row("DELETE /healthz HTTP/1.1", 405, "Allow: GET, HEAD"),
        Row("OPTIONS /readyz HTTP/1.1", 405, "Allow: GET, HEAD"),
        Row("get /readyz HTTP/1.1", 405),
        Row("HEAD /nothing HTTP/1.1", 404),
        Row("OPTIONS * HTTP/1.1", 404),
    ]

    @Test(arguments: rows) func answers(_ row: Row) {
        let harness = MetricsHarness()
        let answer = harness.ask(row.request)
        #expect(answer.hasPrefix("HTTP/1.1 \(row.status) "))
        for part in row.parts { #expect(answer.contains(part)) }
    }

    @Test(arguments: ["/metrics", "/healthz", "/readyz"]) func headIsGetWithoutABody(path: String) {
        let whole = MetricsHarness().ask("GET \(path) HTTP/1.1")
        let head = MetricsHarness().ask("HEAD \(path) HTTP/1.1")
        #expect(head.hasSuffix("\r\n\r\n"))
        #expect(whole.hasPrefix(head))
    }

    @Test(arguments: [
        ([true, false], "worker 1 of 2: no answer in time"),
        ([false, true, false], "workers 0, 2 of 3: no answer in time"),
    ] as [([Bool], String)])
    func workersThatAreStuckAreNamed(areUp: [Bool], text: String) {
        let harness = MetricsHarness()
        harness.insight.workers = areUp
        let health = harness.ask("GET /healthz HTTP/1.1")
        #expect(health.hasPrefix("HTTP/1.1 503 ") && health.hasSuffix("\(text)\n"))
        #expect(harness.ask("GET /metrics HTTP/1.1").hasPrefix("HTTP/1.1 200 "))
        #expect(harness.ask("GET /readyz HTTP/1.1").hasPrefix("HTTP/1.1 200 "))
    }

    @Test func aDrainEndsReadinessAndNotHealth() {
        let harness = MetricsHarness()
        harness.insight.isAccepting = false
        #expect(harness.ask("GET /readyz HTTP/1.1").hasPrefix("HTTP/1.1 503 "))
        #expect(harness.ask("GET /healthz HTTP/1.1").hasPrefix("HTTP/1.1 200 "))
        #expect(harness.ask("GET /metrics HTTP/1.1").contains("\nwsbridge_ready 0\n"))
    }

    /// Readiness is known at once; the others wait for the workers, in order, and a client that leaves is forgotten.
    @Test func answersComeWhenTheWorkersHaveAnswered() {
        let harness = MetricsHarness()
        harness.insight.isSlow = true
        let client = harness.connect("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
        let leaver = harness.connect("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
        harness.loop.settle()
        #expect(client.received.isEmpty && harness.insight.waiting.count == 2)
        leaver.reset()
        harness.loop.settle()
        harness.insight.answerAll()
        harness.loop.settle()
        let text = String(decoding: client.received, as: UTF8.self)
        #expect(text.split(separator: "HTTP/1.1 200 OK").count == 2)
        #expect(text.hasSuffix("\r\n\r\nready\n"))
        #expect(leaver.received.isEmpty)
    }
}

/// Connections to a site whose server says what the test wants.
private final class MetricsHarness: HTTPService {
    let loop = SimulatedLoop()
    let insight = ScriptedInsight()
    private let site: MetricsSite

    init() { self.site = MetricsSite(self.insight) }

    func ask(_ line: String) -> String {
        let client = self.connect("\(line)\r\nHost: a\r\n\r\n")
        self.loop.settle()
        return String(decoding: client.received, as: UTF8.self)
    }

    func connect(_ bytes: String) -> SimulatedClient {
        let client = SimulatedClient(self.loop)
        let address = SocketAddress.ipv4(address: 0x7F00_0001, port: 8081)
        client.stream.delegate = HTTPConnection(
            client.stream, loop: self.loop, service: self,
            client: ClientConnection(address: address, listener: address),
            limits: HTTPConnection.Limits(
                head: RequestHeadLimits(), headTimeout: 10_000_000_000, lingerTimeout: 1_000_000_000))
        client.send(bytes)
        return client
    }

    func serve(_ exchange: Exchange) { self.site.answer(exchange) }
    func refused(_ client: ClientConnection, _ status: Status, _ reason: String) {}
}

private final class ScriptedInsight: ServerInsight {
    var isAccepting = true
    var workers = [true, true]
    var isSlow = false
    private(set) var waiting: [(ServerCount) -> Void] = []

    func count(_ done: @escaping (ServerCount) -> Void) {
        self.waiting.append(done)
        if !self.isSlow { self.answerAll() }
    }

    func answerAll() {
        var count = ServerCount(version: "1", startedAt: 0)
        count.isAccepting = self.isAccepting
        count.workers = self.workers.map { ServerCount.Worker(isUp: $0, tally: WorkerTally()) }
        let waiting = self.waiting
        self.waiting = []
        for done in waiting { done(count) }
    }
}
