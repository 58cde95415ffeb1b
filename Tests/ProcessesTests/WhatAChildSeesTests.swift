import Glibc
import Processes
import ProcessesProbe
import SystemCalls
import Testing

@Suite struct WhatAChildSeesTests {
    @Test func itsStreamsAreOurPipes() throws {
        let run = try ChildRun.run(["sh", "-c", "cat; echo complaint >&2; exit 3"], input: "hello")
        #expect(run.output == "hello")
        #expect(run.errors == "complaint\n")
        #expect(run.status == .exited(3))
        #expect("\(run.status)" == "exit status 3")
    }

    @Test func deathBySignalHasTheSignalsName() throws {
        let run = try ChildRun.run(["sh", "-c", "kill -KILL $$"])
        #expect(run.status == .killed(.kill, dumpedCore: false))
        #expect("\(run.status)" == "killed by SIGKILL")
    }

    @Test func noDescriptorOfOursIsInherited() throws {
        // neither is close-on-exec, and one is far from the first free number
        let leaky = unsafe open("/etc/passwd", O_RDONLY)
        let far = fcntl(leaky, F_DUPFD, 700)
        defer {
            close(leaky)
            close(far)
        }
        let run = try ChildRun.run(["ls", "/proc/self/fd"])
        #expect(run.lines == ["0", "1", "2", "3"], "3 is the directory that ls reads")
    }

    /// A child borrows our table of descriptors before it takes a copy.
    @Test func ourDescriptorsStayWhatTheyAre() throws {
        let file = unsafe open("/etc/passwd", O_RDONLY | O_CLOEXEC)
        let far = fcntl(file, F_DUPFD_CLOEXEC, 700)
        defer {
            close(file)
            close(far)
        }
        let before = [0, 1, 2, file, far].map(Self.inode)
        let run = try ChildRun.run(["sh", "-c", "cat; echo complaint >&2"], input: "hello")
        #expect(run.output == "hello" && run.errors == "complaint\n")
        #expect([0, 1, 2, file, far].map(Self.inode) == before)
    }

    private static func inode(_ descriptor: CInt) -> UInt64? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    /// The spawner keeps the numbers of a child's streams taken, but not the streams: their end is how we hear of its
    /// end.
    @Test func nothingOfAStartedChildStaysOpenHere() throws {
        let spawner = try Spawner(guardian: nil, live: LiveChildren())
        try spawner.start()
        defer { spawner.stop() }
        let child = try spawner.startAndWait(.make(["sh", "-c", "exec >&- 2>&-; read line"]))
        let hasEnded = ChildRun.wait(for: child.stdout)
        #expect(hasEnded, "while the child lives and no other is started")
        _ = try ChildRun.finish(child)
    }

    @Test func theEnvironmentIsTheGivenOneAndTheMark() throws {
        let given = ["PATH=/usr/bin:/bin", "EMPTY=", "GREETING=grüß dich"]
        let run = try ChildRun.run(["env"], environment: given)
        let mark = try #require(run.lines.last)
        #expect(run.lines.dropLast() == given)
        #expect(mark.hasPrefix("UNIQUE_ID=") && mark.utf8.count == 42)
    }

    @Test func noSignalIsBlockedOrIgnored() throws {
        // the spawner's thread blocks all signals; SIGPIPE is ignored here the way a server ignores it
        _ = signal(SIGPIPE, SIG_IGN)
        let run = try ChildRun.run(["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"])
        #expect(run.lines == ["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"])
    }

    @Test func itLeadsItsOwnSessionAndGroup() throws {
        let script = """
            read pid name state parent group session rest < /proc/self/stat
            echo $((pid - group)) $((pid - session))
            """
        let run = try ChildRun.run(["sh", "-c", script])
        #expect(run.output == "0 0\n")
    }

    @Test func settingsArrive() throws {
        var settings = ChildSettings()
        settings.workingDirectory = "/usr/bin"
        settings.fileModeMask = 0o027
        settings.niceness = 7
        settings.noNewPrivileges = true
        settings.limits = [ResourceLimit(resource: CInt(RLIMIT_NOFILE.rawValue), soft: 64, hard: 65)]
        let script = "pwd; umask; nice; grep NoNewPrivs /proc/self/status; ulimit -Sn; ulimit -Hn"
        let run = try ChildRun.run(["sh", "-c", script], settings: settings)
        #expect(run.lines == ["/usr/bin", "0027", "7", "NoNewPrivs:\t1", "64", "65"])
    }

    @Test(.enabled(if: geteuid() == 0, "needs root")) func anotherUserArrives() throws {
        var settings = ChildSettings()
        settings.credentials = Credentials(user: 65534, group: 65533, extraGroups: [65532])
        let run = try ChildRun.run(["sh", "-c", "id -u; id -g; id -G"], settings: settings)
        #expect(run.lines == ["65534", "65533", "65533 65532"])
    }

    @Test(.enabled(if: geteuid() == 0, "needs root")) func anotherUsersChildLeavesTheServerDumpable() throws {
        var settings = ChildSettings()
        settings.credentials = Credentials(user: nil, group: 65533)
        let run = try ChildRun.run(ProbeRun.words("change-user"), settings: settings)
        #expect(run.lines == ["child: exit status 0", "group: 65533"])
    }

    @Test(arguments: [SpawnRequest.ErrorOutput.discard, .inherit])
    func stderrNeedNotBeAPipe(_ errors: SpawnRequest.ErrorOutput) throws {
        let run = try ChildRun.run(
            ["sh", "-c", "readlink /proc/self/fd/2"], channel: .pipes(errors: errors, pipeBytes: nil))
        if errors == .discard { #expect(run.output == "/dev/null\n") }
        #expect(run.status == .exited(0))
    }

    @Test func aTerminalIsATerminal() throws {
        let run = try ChildRun.run(
            ["sh", "-c", "stty size; tty -s </dev/tty && tty -s 0>&2 && echo terminal"],
            channel: .terminal(TerminalSize(columns: 132, rows: 43)))
        #expect(run.output == "43 132\r\nterminal\r\n")
    }

    @Test func itDiesWithTheThreadThatStartedIt() throws {
        let spawner = try Spawner(guardian: nil, live: LiveChildren())
        try spawner.start()
        let child = try spawner.startAndWait(.make(["sleep", "600"]))
        spawner.stop()
        ChildRun.wait(for: child.pidfd)
        #expect(try ChildEnd.collect(child.pid, child.pidfd) == .killed(.kill, dumpedCore: false))
    }
}
