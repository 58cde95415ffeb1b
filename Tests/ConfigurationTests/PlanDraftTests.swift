import Configuration
import StdioFraming
import Testing

/// Options and words, and every diagnostic they must cause.
struct DraftRow: CustomTestStringConvertible, Sendable {
    var settings: [Setting]
    var words: [String]
    var expected: [String]

    init(_ settings: [(OptionName, String)], words: [String] = ["x"], _ expected: String...) {
        self.settings = settings.map { Setting($0.0, $0.1) }
        self.words = words
        self.expected = expected
    }

    var testDescription: String {
        (self.settings.map { "\($0.name) \($0.value)" } + self.words).joined(separator: " ")
    }

    var outcome: [String] {
        switch PlanDraft(settings: self.settings, words: self.words).check() {
        case .success(let checked): checked.warnings.map(\.outline)
        case .failure(let diagnostics): diagnostics.entries.map(\.outline)
        }
    }
}

extension Diagnostic {
    fileprivate var outline: String { "\(self.severity): \(self.problem)" }
}

let draftRows: [DraftRow] = [
    DraftRow([]),
    DraftRow([], words: [], "error: there is nothing to serve"),
    DraftRow([], words: [""], "error: the program's name is empty"),
    DraftRow([(.echo, "true")], words: []),
    DraftRow([(.echo, "true")], "error: there are --echo and a program"),
    DraftRow([(.cmd, "a"), (.echo, "true")], "error: there are --echo and --cmd and a program"),
    DraftRow([(.cmd, "")], words: [], "error: names no program"),
    DraftRow([(.cmd, "''")], words: [], "error: names no program"),
    DraftRow([(.cmd, "a 'b")], words: [], "error: the ' at column 3 is never closed"),
    DraftRow([(.cmd, "a\\")], words: [], "error: the \\ at column 2 escapes nothing"),
    DraftRow([(.shell, "true")], "error: there is no string for the shell"),
    DraftRow(
        [(.echo, "true"), (.cwd, "/")], words: [],
        "warning: says nothing with --echo, which starts no program"),
    DraftRow([(.port, "1"), (.port, "2")], "error: given 2 times"),
    DraftRow([(.port, "65535")]),
    DraftRow([(.port, "65536")], "error: must be from 0 to 65535"),
    DraftRow([(.port, "-1")], "error: must be from 0 to 65535"),
    DraftRow([(.listen, "127.0.0.1:1"), (.port, "1")], "error: 127.0.0.1:1 is there twice"),
    DraftRow([(.listen, "127.0.0.1:0"), (.port, "0")]),
    DraftRow(
        [(.listen, "0.0.0.0:1")],
        "warning: other machines can reach 0.0.0.0:1 and nothing says who may connect"),
    DraftRow([(.listen, "0.0.0.0:1"), (.origin, "a.example")]),
    DraftRow([(.metricsListen, "127.0.0.1:8081")]),
    DraftRow([(.metricsListen, "unix:/run/metrics.sock")]),
    DraftRow([(.metricsListen, "8081")], "error: has no port"),
    DraftRow([(.metricsListen, "127.0.0.1:8080")], "error: sessions are served at 127.0.0.1:8080"),
    DraftRow([(.metricsListen, "127.0.0.1:1"), (.port, "1")], "error: sessions are served at 127.0.0.1:1"),
    DraftRow([(.metricsListen, "127.0.0.1:0"), (.port, "0")]),
    DraftRow([(.metricsListen, "0.0.0.0:8081")], "warning: other machines can read the metrics"),
    DraftRow([(.metricsListen, "127.0.0.1:1"), (.metricsListen, "127.0.0.1:2")], "error: given 2 times"),
    DraftRow([(.workers, "0")], "error: must be from 1 to 1024"),
    DraftRow([(.maxMessageSize, "0")], "error: must be from 1 to 1GiB"),
    DraftRow([(.maxMessageSize, "1GiB")]),
    DraftRow([(.maxMessageSize, "1073741825")], "error: must be from 1 to 1GiB"),
    DraftRow([(.maxMessageSize, "unlimited")], "error: not a number of bytes"),
    DraftRow([(.maxFrameSize, "2MiB")], "error: is above --max-message-size, which is 1MiB"),
    DraftRow([(.maxMessageSize, "2MiB"), (.maxFrameSize, "2MiB")]),
    DraftRow([(.maxConnections, "0")], "error: must be from 1 to 100000000"),
    DraftRow([(.maxConnections, "unlimited")]),
    DraftRow([(.idleTimeout, "0s")], "error: must be from 1ms to 3650d"),
    DraftRow([(.closeTimeout, "unlimited")], "error: not a length of time"),
    DraftRow([(.maxRecordSize, "3")], "error: must be from 4 to 1GiB"),
    DraftRow([(.framing, "line")], "error: unknown value"),
    DraftRow([(.messageType, "binary")], "error: --framing lines settles it"),
    DraftRow([(.messageType, "text"), (.framing, "raw")]),
    DraftRow([(.pty, "true")]),
    DraftRow([(.pty, "true"), (.framing, "raw"), (.messageType, "text")]),
    DraftRow([(.pty, "true"), (.messageType, "text")]),
    DraftRow([(.pty, "true"), (.framing, "lines")], "error: --pty has no records to tell apart"),
    DraftRow([(.pty, "true"), (.stderr, "client")], "error: --pty shows standard error on the terminal"),
    DraftRow([(.innerNewline, "pass"), (.framing, "raw")], "error: --framing raw minds no newlines"),
    DraftRow(
        [(.longRecord, "split"), (.framing, "typed")], "error: --framing typed has no records to split"),
    DraftRow([(.longRecord, "split"), (.framing, "null")]),
    DraftRow([(.requireSubprotocol, "true")], "error: there is no subprotocol to require"),
    DraftRow([(.subprotocol, "a, b"), (.subprotocol, "c"), (.requireSubprotocol, "true")]),
    DraftRow([(.subprotocol, "a,a")], "error: names a twice"),
    DraftRow([(.subprotocol, "a,")], "error: not a subprotocol name"),
    DraftRow([(.subprotocol, "a b")], "error: not a subprotocol name"),
    DraftRow([(.origin, "any")], "warning: every web page in a visitor's browser may connect"),
    DraftRow([(.origin, "any,a.example")], "error: any leaves nothing to list"),
    DraftRow([(.origin, "https://a.example/")], "error: an origin ends with its host or port"),
    DraftRow([(.origin, "*.example")], "error: an origin has no wildcards"),
    DraftRow([(.origin, "null")], "error: null is every sandboxed page and local file"),
    DraftRow([(.origin, "http://[::1]:80,a.example:8080,same")]),
    DraftRow([(.origin, "a.example:x")], "error: not an origin"),
    DraftRow([(.host, "a.example:80")], "error: not a host name"),
    DraftRow([(.env, "A")], "error: has no value"),
    DraftRow([(.env, "=b")], "error: not the name of a variable"),
    DraftRow([(.env, "A="), (.env, "B=c=d")]),
    DraftRow([(.umask, "028")], "error: not a file mode mask"),
    DraftRow([(.umask, "1000")], "error: not a file mode mask"),
    DraftRow([(.umask, "777")]),
    DraftRow([(.nice, "-20")]),
    DraftRow([(.nice, "20")], "error: must be from -20 to 19"),
    DraftRow([(.closeCodeBase, "4744")]),
    DraftRow([(.closeCodeBase, "4745")], "error: must be from 3000 to 4744"),
    DraftRow([(.rlimit, "cpu=1"), (.rlimit, "cpu=2")], "error: cpu is there twice"),
    DraftRow(
        [(.port, "x"), (.idleTimeout, "30"), (.framing, "?")], words: [],
        "error: not a whole number", "error: unknown value", "error: there is nothing to serve",
        "error: has no unit"),
    DraftRow([(.removedRouteTimeout, "0s")]),
    DraftRow([(.handshakeTimeout, "0s")], "error: must be from 1ms to 1d"),
    DraftRow([(.listen, "0.0.0.0:1"), (.listen, "127.0.0.1:1"), (.origin, "same")],
        "error: 127.0.0.1:1 and 0.0.0.0:1 are one port"),
    DraftRow([(.listen, "[::]:1"), (.listen, "127.0.0.1:1"), (.origin, "same")]),
]

@Suite struct PlanDraftTests {
    @Test(arguments: draftRows)
    func sayEverythingThatIsWrong(_ row: DraftRow) {
        #expect(row.outcome == row.expected)
    }

    @Test func defaultsAreThoseOfTheContract() throws {
        let plan = try PlanDraft(settings: [], words: ["./x", "a b"]).check().get().plan
        #expect(plan.listeners == [.standard])
        #expect(plan.connections == .standard)
        let route = try #require(plan.routes.first)
        #expect(route.limits == .standard)
        #expect(route.limits.messageSizeMax.bytes == 1 << 20)
        #expect(route.limits.backpressureBytesLow == 64 << 10)
        #expect(route.origin == .same)
        guard case .command(let command) = route.handler else { Issue.record("no command"); return }
        #expect(command.words == ["./x", "a b"])
        #expect(command.records == .standard)
        #expect(command.passEnvironment == ["PATH"])
        #expect(command.teardown.map(\.action) == [.closeStdin, .terminate, .kill])
        #expect(command.teardown.map(\.wait.description) == ["1s", "2s", "0s"])
    }

    @Test func valuesReachThePlan() throws {
        let settings: [(OptionName, String)] = [
            (.cmd, "prog 'a b'"), (.framing, "typed"), (.env, "A=b=c"), (.passEnv, "LANG,PATH"),
            (.umask, "027"),
            (.maxMessageSize, "64KiB"), (.pingInterval, "unlimited"), (.messageRate, "5/m"),
            (.origin, "same,A.example"),
            (.closeCodeBase, "4000"), (.noNewPrivileges, "true"), (.user, "nobody"),
        ]
        let draft = PlanDraft(settings: settings.map { Setting($0.0, $0.1) })
        let route = try #require(try draft.check().get().plan.routes.first)
        guard case .command(let command) = route.handler else { Issue.record("no command"); return }
        #expect(command.words == ["prog", "a b"])
        #expect(command.records.framing == .typed)
        #expect(command.environment == [EnvironmentVariable("A", "b=c")])
        #expect(command.passEnvironment == ["PATH", "LANG"])
        #expect(command.privileges.umask == 0o27)
        #expect(command.privileges.user == .name("nobody"))
        #expect(command.privileges.noNewPrivileges)
        #expect(command.closeCodeBase == 4000)
        #expect(route.limits.messageSizeMax == .kibibytes(64))
        #expect(route.limits.frameSizeMax == .kibibytes(64))
        #expect(route.limits.pingInterval == .unlimited)
        #expect(route.limits.messageRate == .at(Rate(count: 5, per: .seconds(60))))
        #expect(route.origin == .listed(["a.example"], andSame: true))
    }

    @Test func theShellGetsTheStringWhole() throws {
        let draft = PlanDraft(settings: [Setting(.shell, "true"), Setting(.cmd, "a | 'b")])
        let route = try #require(try draft.check().get().plan.routes.first)
        guard case .command(let command) = route.handler else { Issue.record("no command"); return }
        #expect(command.words == ["/bin/sh", "-c", "a | 'b"])
    }

    @Test func aDiagnosticSaysWhatWhereWhyAndTheWayOut() throws {
        let line = PlanDraft(settings: [Setting(.idleTimeout, "30")], words: ["x"]).check()
        let file = PlanDraft(
            settings: [Setting(.idleTimeout, "30\u{1B}[2J", source: .file(line: 3, column: 7))], words: ["x"]
        ).check()
        guard case .failure(let first) = line, case .failure(let second) = file else {
            Issue.record("taken"); return
        }
        #expect(
            first.entries.map(\.description) == [
                "error: --idle-timeout 30: has no unit; "
                    + "write 30s for seconds or 30ms for milliseconds, or unlimited"
            ])
        #expect(
            second.entries.first?.description.hasPrefix("error: 3:7: idle_timeout 30\\u{1B}[2J: ") == true)
        #expect(second.entries.first?.description.contains("\u{1B}") == false)
    }

    @Test func secretsStayOutOfTheListing() throws {
        let draft = PlanDraft(settings: [Setting(.env, "TOKEN=hunter2")], words: ["x"])
        let listing = "\(try draft.check().get().plan)"
        #expect(listing.contains("TOKEN"))
        #expect(!listing.contains("hunter2"))
    }
}
