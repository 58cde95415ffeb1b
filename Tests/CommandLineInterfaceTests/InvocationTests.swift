import Addresses
import CommandLineInterface
import Configuration
import Testing

/// A command line and what becomes of it.
struct InvocationRow: CustomTestStringConvertible, Sendable {
    var arguments: [String]
    /// The words of the program, or text that the refusal contains.
    var expected: Expected

    enum Expected: Sendable {
        case program([String])
        case echo
        case server(String)
        case refused(String)
        case printed(String)
        case file(String, [OptionName])
        case status(String)
        case connect(String)
        case bench(BenchRequest.Pace)
    }

    init(_ line: String, _ expected: Expected) {
        self.arguments = line.split(separator: " ").map(String.init)
        self.expected = expected
    }

    var testDescription: String { self.arguments.joined(separator: " ") }
}

let invocationRows: [InvocationRow] = [
    .init("--echo", .echo),
    .init("--echo --port=9000", .echo),
    .init("./script", .program(["./script"])),
    .init("--port 9000 ./script a b", .program(["./script", "a", "b"])),
    .init("--port 9000 -- ./script a b", .program(["./script", "a", "b"])),
    .init("./script -x --verbose - a=b", .program(["./script", "-x", "--verbose", "-", "a=b"])),
    .init("./script -- --port 1", .program(["./script", "--", "--port", "1"])),
    .init("-- ./script --port 1 --help", .program(["./script", "--port", "1", "--help"])),
    .init("-- --odd", .program(["--odd"])),
    .init("-- check", .program(["check"])),
    .init("--port 1 check", .program(["check"])),
    .init("--port 1 help", .program(["help"])),
    .init("--env A=--port --nice -5 x", .program(["x"])),
    .init("--cmd ./script", .program(["./script"])),
    .init("", .refused("nothing to serve")),
    .init("--", .refused("nothing to serve")),
    // misspelt before the program
    .init("--prot 9000 ./script", .refused("unknown option --prot; did you mean --port?")),
    .init("--frming=raw ./script", .refused("unknown option --frming; did you mean --framing?")),
    .init("--hlep", .refused("did you mean --help?")),
    .init("--idle_timeout 3s x", .refused("did you mean --idle-timeout?")),
    .init("--wholly-unknown x", .refused("unknown option --wholly-unknown;")),
    .init("-p 9000 x", .refused("unknown option -p;")),
    .init("-port 9000 x", .refused("unknown option -port; did you mean --port?")),
    .init("--check x", .refused("unknown option --check")),
    // ours after the program
    .init("./script --port 9000", .refused("--port stands after the program ./script")),
    .init("./script --prot 9000", .refused("looks like the option --port")),
    .init("./script a --framing=raw", .refused("looks like the option --framing")),
    .init("./script --help", .refused("looks like the option --help")),
    .init("./script --version", .refused("looks like the option --version")),
    .init("--echo ./script --echo", .refused("looks like the option --echo")),
    // values
    .init("--port", .refused("--port needs a value")),
    .init("--port -- x", .refused("--port needs a value")),
    .init("--port --echo", .refused("--port needs a value")),
    .init("--echo=yes", .refused("--echo takes no value")),
    .init("--port x --idle-timeout 30 ./script", .refused("--idle-timeout 30: has no unit")),
    .init("--port 1 --port 2 x", .refused("given 2 times")),
    // servers
    .init("--tcp 127.0.0.1:1", .server("tcp 127.0.0.1:1")),
    .init("--tcp a:1 --tcp [::1]:1 --upstream-tls", .server("tcp a:1, tcp [::1]:1")),
    .init("--unix /a", .server("unix /a")),
    .init("--token-map tokens", .server("token-map tokens")),
    .init("--tcp 5900", .refused("--tcp 5900: has no host; write 127.0.0.1:5900 for this machine")),
    .init("--tcp tcp://a:1", .refused("is a URL; write what stands behind tcp://")),
    .init("check --tcp a", .refused("--tcp a: has no port; write HOST:PORT")),
    .init("--tcp a:1 --balance lest-connections", .refused("did you mean least-connections?")),
    .init("--tcp a:1 ./script", .refused("there are a program and --tcp")),
    .init("--unix /a --echo", .refused("there are --echo and --unix")),
    // a server that speaks HTTP
    .init("--proxy http://a", .server("proxy a:80")),
    // files, alone or beside a bridge
    .init("--static . a b", .program(["a", "b"])),
    .init("--static . --tcp a:1", .server("tcp a:1")),
    .init("--static . --echo --cmd a", .refused("there are --echo and --cmd")),
    .init("--static . --static a", .refused("--static a: given 2 times")),
    // a file
    .init("--config a", .file("a", [])),
    .init("--config=a --log-level debug --workers 2", .file("a", [.workers, .logLevel])),
    .init("--config", .refused("--config needs a value")),
    .init("--config a --config b", .refused("more than once")),
    .init("--config a --port 1", .refused("--port cannot stand beside --config; write port into the file")),
    .init("--config a --idle-timeout 5m", .refused("write idle_timeout into the file")),
    .init("--config a --cmd b", .refused("write command into the file")),
    .init("--config a -- b", .refused("the program b cannot stand beside --config")),
    .init("check --config a b", .refused("the program b cannot stand beside --config")),
    // what is printed
    .init("--version", .printed("wsbridge \(Product.version)")),
    .init("--help", .printed("--idle-timeout")),
    .init("-h", .printed("LIMITS AND TIMEOUTS:")),
    .init("--port 1 --help", .printed("USAGE: wsbridge [options]")),
    .init("help", .printed("USAGE: wsbridge [options]")),
    .init("check --help", .printed("USAGE: wsbridge check")),
    .init("help check", .printed("USAGE: wsbridge check")),
    .init("--generate-completion-script bash", .printed("--idle-timeout")),
    .init("--generate-completion-script bash", .printed("complete -o default -o filenames -F _wsbridge wsbridge")),
    .init("--generate-completion-script zsh", .printed(":FILE:_files'")),
    .init("--generate-completion-script zsh", .printed(":DIR:_files -/'")),
    .init("--generate-completion-script zsh", .printed("--idle-timeout")),
    .init("--generate-completion-script fish", .printed("idle-timeout")),
    .init("--generate-completion-script tcsh", .refused("tcsh")),
    .init("check --generate-completion-script tcsh", .refused("wsbridge --help says more")),
    .init("status --generate-completion-script bash", .printed("_wsbridge()")),
    .init("help stauts", .refused("help is there about check, status, connect, bench; did you mean status?")),
    .init("help x", .refused("wsbridge --help lists all options")),
    .init("manual-page", .refused("manual pages 1 and 5")),
    // asking a running server
    .init("status", .status("127.0.0.1:8081")),
    .init("status 127.0.0.1:9000", .status("127.0.0.1:9000")),
    .init("status --json localhost:9000", .status("127.0.0.1:9000 as JSON")),
    .init("status [::1]:9000 --json", .status("[::1]:9000 as JSON")),
    .init("status unix:/run/a.sock", .status("unix:/run/a.sock")),
    .init("status http://127.0.0.1:9000/metrics", .status("127.0.0.1:9000")),
    .init("status http://[::1]:9000/", .status("[::1]:9000")),
    .init("status http://127.0.0.1", .status("127.0.0.1:80")),
    .init("status http://127.0.0.1:9000/health", .refused("has another path than /metrics")),
    .init("status https://127.0.0.1:9000", .refused("plain HTTP")),
    .init("status 127.0.0.1", .refused("the address has no port")),
    .init("status 127.0.0.1:0", .refused("has port 0")),
    .init("status example.com:80", .refused("not a numeric address")),
    .init("status a b", .refused("error: Unexpected argument 'b'\nwsbridge status --help says more")),
    .init("status --jsn", .refused("Unknown option '--jsn'")),
    .init("status --port 1", .refused("Unknown option '--port'")),
    .init("status --help", .printed("USAGE: wsbridge status")),
    .init("help status", .printed("USAGE: wsbridge status")),
    .init("-- status", .program(["status"])),
    // being a client
    .init("connect ws://127.0.0.1:9000", .connect("ws://127.0.0.1:9000/")),
    .init("connect --binary wss://a.example/x?y --origin https://b --ca f", .connect("wss://a.example/x?y")),
    .init("connect https://[::1]/ --insecure --close-code 4001", .connect("wss://[::1]/")),
    .init("connect", .refused("Missing expected argument '<url>'\nwsbridge connect --help says more")),
    .init("connect 127.0.0.1:80", .refused("has no scheme")),
    .init("connect ftp://a", .refused("unknown scheme ftp")),
    .init("connect ws://a@b/", .refused("--header 'Authorization")),
    .init("connect ws://a/#b", .refused("has a fragment")),
    .init("connect ws://::1/", .refused("stands in brackets")),
    .init("connect ws://a:0/", .refused("has no port from 1 to 65535")),
    .init("connect ws://a --close-code 1005", .refused("no client may send it")),
    .init("connect ws://a --header x", .refused("--header x: is no header field")),
    .init("connect ws://a --header Upgrade:x", .refused("a field of the handshake itself")),
    .init("connect ws://a --subprotocol a,b/", .refused("--subprotocol b/")),
    .init("connect ws://a --linger 5", .refused("has no unit")),
    .init("connect ws://a --insecure --ca f", .refused("exclude each other")),
    .init("connect ws://a --prot 9", .refused("Unknown option '--prot'")),
    .init("connect --help", .printed("USAGE: wsbridge connect")),
    .init("help connect", .printed("USAGE: wsbridge connect")),
    .init("-- connect", .program(["connect"])),
    .init("bench ws://127.0.0.1:1/ --json", .bench(.closedLoop(pipeline: 1))),
    .init("bench ws://a --pipeline 16 --connections 5 --messages 9", .bench(.closedLoop(pipeline: 16))),
    .init("bench ws://a --rate 100/s --size 1KiB", .bench(.openLoop(Rate(count: 100, per: .seconds(1))))),
    .init("bench ws://a --rate 100/s --pipeline 2", .refused("exclude each other")),
    .init("bench ws://a --connections 0", .refused("--connections 0: out of range; from 1 to 100000")),
    .init("bench ws://a --duration 5", .refused("has no unit")),
    .init("bench", .refused("Missing expected argument '<url>'")),
    .init("help bench", .printed("USAGE: wsbridge bench")),
]

@Suite struct InvocationTests {
    @Test(arguments: invocationRows)
    func aCommandLineIsTakenOrRefused(_ row: InvocationRow) {
        let invocation = Invocation(arguments: row.arguments)
        switch (row.expected, invocation) {
        case (.refused(let part), .refuse(let text)): #expect(text.contains(part))
        case (.printed(let part), .print(let text)): #expect(text.contains(part))
        case (.echo, .serve(let checked)): #expect(words(of: checked) == nil)
        case (.program(let expected), .serve(let checked)): #expect(words(of: checked) == expected)
        case (.server(let expected), .serve(let checked)):
            #expect(summary(of: checked) == expected)
        case (.file(let path, let options), .serveFile(let request)):
            #expect(request.path == path)
            #expect(request.settings.map(\.name) == options.map { .option($0) })
        case (.status(let expected), .status(let request)):
            #expect("\(request.address)\(request.wantsJSON ? " as JSON" : "")" == expected)
        case (.connect(let expected), .connect(let request)): #expect("\(request.client.url)" == expected)
        case (.bench(let expected), .bench(let request)): #expect(request.pace == expected)
        case (.program, _), (.echo, _), (.server, _), (.refused, _), (.printed, _), (.file, _), (.status, _),
            (.connect, _), (.bench, _):
            Issue.record("\(invocation)")
        }
    }

    /// On a machine without programs nearly a command is nearly a command.
    @Test(arguments: [
        ("stauts", "stauts is no command of ours and no program in the PATH; did you mean wsbridge status?"),
        ("statsu --json", "did you mean wsbridge status?"), ("chekc --echo", "did you mean wsbridge check?"),
        ("conect ws://a", "did you mean wsbridge connect?"), ("bnch ws://a", "did you mean wsbridge bench?"),
        ("hlep", "did you mean wsbridge help?"), ("--echo stauts", "there are --echo and a program"),
        ("-- stauts", "there is no program"), ("./status", "there is no program"), ("sort", "there is no program"),
    ])
    func aMisspeltCommandIsNamed(_ line: String, _ expected: String) {
        let arguments = line.split(separator: " ").map(String.init)
        guard case .refuse(let text) = Invocation(arguments: arguments, surroundings: NoPrograms()) else {
            Issue.record("taken")
            return
        }
        #expect(text.contains(expected), "\(text)")
    }

    @Test func checkMakesTheSamePlan() {
        guard case .check(let checked) = Invocation(arguments: ["check", "--port", "9", "--", "x", "--port"])
        else {
            Issue.record("not a check")
            return
        }
        #expect(words(of: checked) == ["x", "--port"])
        #expect(checked.plan.listeners == [ListenerPlan(.tcp(.loopback, port: 9))])
    }

    /// Each row of the table is an option of the command line, and is in the help.
    @Test(arguments: OptionName.allCases)
    func everyOptionIsKnown(_ name: OptionName) {
        #expect(helpText.contains("\n  \(name.flag) ") || helpText.contains("\n  \(name.flag)\n"))
        // A value that no option with a value takes; a switch is taken. Neither is unknown.
        let row = OptionTable.row(name)
        let argument = row.isSwitch ? name.flag : "\(name.flag)=\u{1}"
        switch Invocation(arguments: ["check", argument, "--", "x"]) {
        case .refuse(let text):
            #expect(text.contains("\(name.flag)") || row.isSwitch)
            #expect(!text.contains("unknown option"))
        case .check(let checked):
            let isTaken = [.shell, .cmd, .cwd, .user, .group, .static].contains(name) || row.isSwitch
            #expect(isTaken || checked.plan.routes.isEmpty)
        case .checkFile(let request): #expect(request.path == "\u{1}")
        case .serve, .serveFile, .status, .connect, .bench, .print: Issue.record("not a check")
        }
    }

    @Test func everyProblemIsToldAtOnce() {
        guard
            case .refuse(let text) = Invocation(arguments: [
                "--port", "x", "--framing", "y", "--nice", "99", "z",
            ])
        else { Issue.record("taken"); return }
        #expect(text.split(separator: "\n").count == 3)
    }
}

private struct NoPrograms: Surroundings {
    func obstacle(toStarting command: CommandPlan) -> ValueFault? {
        ValueFault("there is no program", remedy: "name one")
    }
    func obstacle(toEntering directory: String) -> ValueFault? { nil }
    func obstacle(toRunningAs user: AccountName) -> ValueFault? { nil }
    func obstacle(toJoining group: AccountName) -> ValueFault? { nil }
    func obstacle(toListeningAt path: String) -> ValueFault? { nil }
    func faults(of tls: TLSPlan) -> [FileFault] { [] }
    func faults(of tls: UpstreamTLSPlan) -> [FileFault] { [] }
    func faults(ofTokenMap path: String) -> [FileFault] { [] }
}

/// Made once: rendering takes the library long.
private let helpText: String = {
    guard case .print(let help) = Invocation(arguments: ["--help"]) else { return "" }
    return help
}()

private func words(of checked: CheckedPlan) -> [String]? {
    guard case .command(let command) = checked.plan.routes.first?.handler else { return nil }
    return command.words
}

private func summary(of checked: CheckedPlan) -> String? {
    switch checked.plan.routes.first?.handler {
    case .upstream(let plan): plan.summary
    case .proxy(let plan): plan.summary
    case .echo, .command, .filesOnly, nil: nil
    }
}
