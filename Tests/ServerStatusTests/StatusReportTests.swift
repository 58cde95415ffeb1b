@testable import ServerStatus
@testable import Telemetry
import Testing

@Suite struct StatusReportTests {
    @Test func theTableSaysWhatTheServerCounted() throws {
        let report = try #require(StatusReport(MetricsReading(parsing: Self.count.metricsText)))
        #expect(
            report.table(now: 1_000_000 + 93_784) == """
                wsbridge 1.2.3: draining, up 1d 2h
                12 MiB resident, 1.5 s of processor time, 17 of 1024 descriptors

                route     open  limit  opened  programs  messages in  messages out  payload in  payload out
                /            1     10       3         1            2             0        10 B          0 B
                /a\\u{1B}     1      -       3         1            2             0        10 B          0 B

                / closed with 1000: 1, 4xxx: 1
                / refused with status 403: 1
                / answered requests with 2xx: 7
                / programs ended by exit_nonzero: 1
                / programs that did not start: 2
                / without a server: timed_out: 1
                /a\\u{1B} closed with 1000: 1, 4xxx: 1
                /a\\u{1B} refused with status 403: 1
                /a\\u{1B} answered requests with 2xx: 7
                /a\\u{1B} programs ended by exit_nonzero: 1
                /a\\u{1B} programs that did not start: 2
                /a\\u{1B} without a server: timed_out: 1

                worker  connections  processor   waiting       of
                0                 4      0.3 s  1000 KiB  2.0 GiB
                1                 0      0.0 s       0 B      0 B

                worker 1 does not answer: its numbers are old
                refused before a route: status 421: 1
                5 log lines were lost: standard error is not read
                """)
    }

    @Test func theObjectSaysTheSame() throws {
        let report = try #require(StatusReport(MetricsReading(parsing: Self.count.metricsText)))
        #expect(report.json.hasPrefix(#"{"version":"1.2.3","ready":false,"started_at":1000000.0,"cpu_seconds":1.5,"#))
        #expect(report.json.contains(#""routes":[{"route":"/","sessions_open":1,"sessions_limit":10,"#))
        #expect(report.json.contains(#"{"route":"/a\u001b","sessions_open":1,"sessions_limit":null,"#))
        #expect(report.json.contains(#""sessions_ended":{"1000":1,"4xxx":1}"#))
        #expect(report.json.contains(#""requests_answered":{"2xx":7},"#))
        #expect(report.json.contains(#"{"worker":"1","up":false,"connections":0,"#))
    }

    /// A server of another version, or one that is none.
    @Test func whatIsNotToldIsNothing() throws {
        let bare = try #require(try StatusReport(MetricsReading(parsing: Array(
            """
            wsbridge_build_info{version="9"} 1
            wsbridge_sessions_open{route="/"} NaN
            wsbridge_sessions_open 5
            wsbridge_worker_up{worker="0"} 1
            process_resident_memory_bytes 1e300
            process_open_fds -5
            process_start_time_seconds +Inf

            """.utf8))))
        #expect(bare.routes.map(\.sessionsOpen) == [0])
        #expect(bare.workers.map(\.isUp) == [true])
        #expect(bare.residentBytes == UInt64(Int64.max) && bare.descriptorsOpen == 0 && bare.startedAt == 0)
        #expect(!bare.table(now: .infinity).isEmpty && !bare.table(now: -1).isEmpty && !bare.json.isEmpty)
        #expect(try StatusReport(MetricsReading(parsing: Array("up 1\n".utf8))) == nil)
    }

    private static let count: ServerCount = {
        var count = ServerCount(version: "1.2.3", startedAt: 1_000_000_000_000_000)
        count.isAccepting = false
        count.logLinesDropped = 5
        count.process.cpuNanoseconds = 1_500_000_000
        count.process.residentBytes = 12 << 20
        count.process.descriptorsOpen = 17
        count.process.descriptorsMax = 1024
        var tally = WorkerTally()
        tally.cpuNanoseconds = 345_000_000
        tally.connectionsOpen = 4
        tally.poolBytesUsed = 1000 << 10
        tally.poolBytesMax = 2 << 30
        tally.requestsRefused.count(421)
        tally.routes = [Self.route("/", max: 10), Self.route("/a\u{1B}", max: nil)]
        count.workers = [
            ServerCount.Worker(isUp: true, tally: tally), ServerCount.Worker(isUp: false, tally: nil),
        ]
        return count
    }()

    private static func route(_ name: String, max: Int?) -> RouteTally {
        var route = RouteTally(route: name)
        route.sessionsMax = max
        route.sessionsStarted = 3
        route.sessionsEnded.count(.registered(1000))
        route.sessionsEnded.count(.application)
        route.handshakesRefused.count(403)
        route.requestsAnswered.add(7, of: .success)
        route.moved.received(messages: 2, payloadBytes: 10)
        route.children.started = 2
        route.children.startFailures = 2
        route.children.ended.count(.exitNonzero)
        route.upstream.failures.count(.timedOut)
        return route
    }
}

@Suite struct QuantityTests {
    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (10_188, "9.9 KiB"), (10_240, "10 KiB"),
        (1_048_575, "1.0 MiB"), (1 << 20, "1.0 MiB"), (5 << 30, "5.0 GiB"), (UInt64.max, "16777216 TiB"),
    ] as [(UInt64, String)])
    func bytes(count: UInt64, text: String) { #expect(Quantity.bytes(count) == text) }

    @Test(arguments: [
        (0, "0s"), (0.9, "0s"), (59, "59s"), (60, "1m 0s"), (3661, "1h 1m"), (90_000, "1d 1h"), (-1, "0s"),
        (.nan, "0s"), (.infinity, "0s"),
    ] as [(Double, String)])
    func durations(seconds: Double, text: String) { #expect(Quantity.duration(seconds: seconds) == text) }
}
