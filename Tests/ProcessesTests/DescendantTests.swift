import Glibc
import Processes
import ProcessesProbe
import SystemCalls
import Testing

/// Nothing that a session started is left: after its end, after the server's, after the server's by SIGKILL.
///
/// "Left" is seen without sleeping: every process below the stand-in server holds its stderr, so the end of
/// that file means that the last one is gone.
@Suite struct DescendantTests {
    /// A child and grandchildren: in its group, in a session of their own, reparented, and without an environment.
    static let family = """
        sleep 600 &
        setsid sleep 600 &
        (setsid sh -c 'sleep 600 & exec sleep 600' &)
        (env -i setsid setsid sleep 600 &)
        trap '' TERM
        echo ready >&2
        exec sleep 600
        """

    /// A grandchild that the parent-death signal does not reach and that goes by itself.
    static let survivor = """
        setsid sleep 3 &
        echo ready >&2
        exec sleep 600
        """

    @Test(arguments: ["hold", "hold-reviving"])
    func nobodyOutlivesAServerKilledBySIGKILL(_ task: String) throws {
        #expect(try self.killServer(running: task, Self.family, families: task == "hold" ? 1 : 2))
    }

    /// That the test can fail: without the guardian somebody does outlive it.
    @Test func withoutAGuardianSomebodyDoes() throws {
        let everybodyWent = try self.killServer(
            running: "hold-unguarded", Self.survivor, families: 1, milliseconds: 500)
        #expect(!everybodyWent)
    }

    @Test func nobodyOutlivesTheSession() throws {
        let script = """
            sleep 600 >/dev/null &
            setsid sleep 600 >/dev/null &
            (trap '' TERM; setsid sleep 600 >/dev/null &)
            (env -i setsid sleep 600 >/dev/null &)
            exit 3
            """
        let run = try ProbeRun.run("bury", script)
        #expect(run.lines == ["child: exit status 3", "buried: true"])
        #expect(run.errors == "", "and stderr has ended: nobody holds it")
    }

    /// Who has left its session and wiped its environment still bears its session's mark.
    @Test func whoShedsEverythingGoesWithItsSessionThoughAnotherLives() throws {
        let run = try ProbeRun.run("bury-beside", "(env -i setsid setsid sleep 600 >/dev/null &); exit 0")
        #expect(run.lines == ["child: exit status 0", "buried: true", "beside: alive", "its own: 2"])
        #expect(run.errors == "", "and stderr has ended: nobody holds it")
    }

    @Test func otherSessionsOrphansLiveOn() throws {
        let run = try ProbeRun.run("bury-beside", "setsid sleep 600 & exit 0")
        #expect(run.lines == ["child: exit status 0", "buried: true", "beside: alive", "its own: 2"])
    }

    /// Starts the stand-in, waits until its families stand, kills it: true when everybody goes.
    private func killServer(
        running task: String, _ family: String, families: Int, milliseconds: CInt = 10_000
    ) throws -> Bool {
        let spawner = try Spawner(guardian: nil, live: LiveChildren())
        try spawner.start()
        defer { spawner.stop() }
        let server = try spawner.startAndWait(.make(ProbeRun.words(task, family)))
        guard let stderr = server.stderr else { return false }
        var readyBytes = families * "ready\n".utf8.count
        while readyBytes > 0 && ChildRun.wait(for: stderr) {
            var piece = [UInt8](repeating: 0, count: readyBytes)
            readyBytes -= max(1, unsafe read(stderr.rawValue, &piece, piece.count))
        }
        try server.pid.send(.kill)
        ChildRun.wait(for: server.pidfd)
        _ = try ChildEnd.collect(server.pid, server.pidfd)
        return ChildRun.wait(for: stderr, milliseconds: milliseconds)
    }
}
