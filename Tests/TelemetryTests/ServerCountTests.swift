@testable import Telemetry
import Testing

@Suite struct ServerCountTests {
    @Test(arguments: [
        (1000, "1000"), (1004, "other"), (1006, "1006"), (1014, "1014"), (1015, "other"), (2999, "other"),
        (3000, "3xxx"), (3999, "3xxx"), (4000, "4xxx"), (4999, "4xxx"), (5000, "other"), (0, "other"), (65535, "other"),
    ] as [(UInt16, String)])
    func closeCodesComeInGroups(code: UInt16, label: String) {
        #expect(CloseGroup(code).label == label)
    }

    @Test func routesAreAddedUpOverWorkers() {
        var count = ServerCount(version: "1", startedAt: 0)
        count.workers = [Self.worker("/a", sessions: 2), Self.worker("/b", sessions: 3), Self.worker("/a", sessions: 4)]
        #expect(count.routes.map(\.route) == ["/a", "/b"])
        #expect(count.routes.map(\.sessionsStarted) == [6, 3])
        #expect(count.routes.map(\.sessionsOpen) == [4, 2])
        #expect(count.routes[0].moved.bytesReceived == 20)
        #expect(count.routes[0].children.running == 0)
        #expect(count.requestsRefused[421] == 3)
        #expect(count.lines.contains(#"wsbridge_sessions_open{route="/a"} 4"#))
        #expect(count.lines.contains(#"wsbridge_sessions_ended_total{route="/a",code="1001"} 2"#))
        #expect(count.lines.contains(#"wsbridge_children_ended_total{route="/a",outcome="signal"} 2"#))
        #expect(count.lines.contains(#"wsbridge_upstream_connect_seconds_total{route="/a"} 3.000000000"#))
        #expect(count.lines.contains(#"wsbridge_upstream_connect_failures_total{route="/a",reason="unreachable"} 2"#))
        #expect(count.lines.contains(#"wsbridge_requests_refused_total{status="421"} 3"#))
        #expect(count.lines.contains(#"wsbridge_requests_answered_total{route="/a",status="4xx"} 6"#))
        #expect(count.lines.contains(#"wsbridge_requests_answered_total{route="/a",status="2xx"} 0"#))
    }

    /// Its sessions are still there, as far as anybody knows: sums over workers must not fall because one is stuck.
    @Test func aSilentWorkerKeepsItsNumbers() {
        var count = ServerCount(version: "1", startedAt: 0)
        count.workers = [
            Self.worker("/", sessions: 1), ServerCount.Worker(isUp: false, tally: Self.worker("/", sessions: 5).tally),
            ServerCount.Worker(isUp: false, tally: nil),
        ]
        #expect(count.silentWorkers == [1, 2])
        #expect(count.lines.contains(#"wsbridge_worker_up{worker="0"} 1"#))
        #expect(count.lines.contains(#"wsbridge_worker_up{worker="1"} 0"#))
        #expect(count.lines.contains(#"wsbridge_worker_up{worker="2"} 0"#))
        #expect(count.lines.contains(#"wsbridge_sessions_started_total{route="/"} 6"#))
        #expect(count.lines.contains { $0.hasPrefix(#"wsbridge_connections_open{worker="1"}"#) })
        #expect(!count.lines.contains { $0.hasPrefix(#"wsbridge_connections_open{worker="2"}"#) })
    }

    @Test func aStatusThatNobodyExpectedIsShown() {
        var count = ServerCount(version: "1", startedAt: 0)
        var worker = Self.worker("/", sessions: 1)
        worker.tally?.routes[0].handshakesRefused.count(418)
        worker.tally?.requestsRefused.count(404)
        count.workers = [worker]
        #expect(count.lines.contains(#"wsbridge_handshakes_refused_total{route="/",status="418"} 1"#))
        #expect(count.lines.contains(#"wsbridge_requests_refused_total{status="404"} 1"#))
    }

    /// Prometheus takes the whole page or nothing: a name with two heads, or a sample twice, loses all of it.
    @Test func everythingIsThereOnce() throws {
        var count = ServerCount(version: "1", startedAt: 0)
        count.workers = [Self.worker("/a", sessions: 2), Self.worker("/b", sessions: 3)]
        let lines = count.lines
        #expect(Set(lines).count == lines.count)
        #expect(count.metrics.map(\.definition) == MetricCatalogue.all)
        #expect(lines.filter { $0.hasPrefix("# TYPE ") }.count == MetricCatalogue.all.count)
        let samples = try MetricsReading(parsing: count.metricsText).samples
        #expect(samples.count == lines.filter { !$0.hasPrefix("#") }.count)
    }

    @Test func namesFollowTheConventions() {
        for metric in MetricCatalogue.all {
            let letters = Set("abcdefghijklmnopqrstuvwxyz_")
            #expect(metric.name.allSatisfy(letters.contains), "\(metric.name)")
            #expect(metric.name.hasPrefix("wsbridge_") || metric.name.hasPrefix("process_"), "\(metric.name)")
            #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
            #expect(metric.help.hasSuffix("."), "\(metric.name)")
            #expect(metric.help.count <= 120, "\(metric.name)")
        }
        #expect(Set(MetricCatalogue.all.map(\.name)).count == MetricCatalogue.all.count)
    }

    private static func worker(_ route: String, sessions: UInt64) -> ServerCount.Worker {
        var tally = WorkerTally()
        var own = RouteTally(route: route)
        own.sessionsMax = 10
        own.sessionsStarted = sessions
        own.sessionsEnded.count(.registered(1001))
        own.moved.received(payloadBytes: 10)
        own.requestsAnswered.add(3, of: .clientError)
        own.children.started = 1
        own.children.ended.count(.signal)
        own.upstream.connected = 1
        own.upstream.connectNanoseconds = 1_500_000_000
        own.upstream.failures.count(.unreachable)
        tally.routes = [own]
        tally.requestsRefused.count(421)
        return ServerCount.Worker(isUp: true, tally: tally)
    }
}

extension ServerCount {
    fileprivate var lines: [String] {
        String(decoding: self.metricsText, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
