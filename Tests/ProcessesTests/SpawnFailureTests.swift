import Glibc
import Processes
import SystemCalls
import Testing

@Suite struct SpawnFailureTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var words: [String]
        var directory: String?
        var expected: SpawnError
        var message: String
    }

    static let rows = [
        Row(
            testDescription: "missing program, by path", words: ["/does/not/exist"],
            expected: SpawnError(.child(.program), errno: .noSuchFile, path: "/does/not/exist"),
            message: "cannot start '/does/not/exist': No such file or directory"),
        Row(
            testDescription: "missing program, by name", words: ["no-such-program"],
            expected: SpawnError(.search, errno: .noSuchFile, path: "no-such-program"),
            message: "the program 'no-such-program' is in no directory "
                + "of the PATH that the program is given"),
        Row(
            testDescription: "empty name", words: [""],
            expected: SpawnError(.search, errno: .noSuchFile),
            message: "the program '' is in no directory of the PATH that the program is given"),
        Row(
            testDescription: "missing directory", words: ["/bin/true"], directory: "/does/not/exist",
            expected: SpawnError(.child(.workingDirectory), errno: .noSuchFile, path: "/does/not/exist"),
            message: "cannot enter the working directory '/does/not/exist': No such file or directory"),
        Row(
            testDescription: "not executable", words: ["/etc/passwd"],
            expected: SpawnError(.child(.program), errno: .notPermitted, path: "/etc/passwd"),
            message: "'/etc/passwd' cannot be executed: Permission denied (chmod +x; is it a directory?)"),
        Row(
            testDescription: "argument too long",
            words: ["/bin/true", String(repeating: "x", count: 200 * 1024)],
            expected: SpawnError(.child(.program), errno: .argumentsTooLong, path: "/bin/true"),
            message: "arguments and environment are larger than the kernel takes"),
        Row(
            testDescription: "NUL in an argument", words: ["/bin/echo", "a\0b"],
            expected: SpawnError(.innerNul), message: "an argument, a variable or a path holds a NUL byte"),
        Row(
            testDescription: "NUL in the directory", words: ["/bin/true"], directory: "/tmp\0/x",
            expected: SpawnError(.innerNul), message: "an argument, a variable or a path holds a NUL byte"),
    ]

    @Test(arguments: rows) func failureNamesItsStage(_ row: Row) throws {
        var settings = ChildSettings()
        settings.workingDirectory = row.directory
        let error = #expect(throws: SpawnError.self) { _ = try ChildRun.run(row.words, settings: settings) }
        #expect(error == row.expected)
        #expect(error?.description == row.message)
    }

    @Test func scriptsAreNotGuessedAt() throws {
        let directory = try ScratchDirectory()
        let noFirstLine = try directory.script("plain", "echo never run by a shell unasked\n")
        let noInterpreter = try directory.script("lost", "#!/does/not/exist\n")
        let unformatted = #expect(throws: SpawnError.self) { _ = try ChildRun.run([noFirstLine]) }
        #expect(unformatted == SpawnError(.child(.program), errno: .unknownFormat, path: noFirstLine))
        let lost = #expect(throws: SpawnError.self) { _ = try ChildRun.run([noInterpreter]) }
        #expect(lost == SpawnError(.interpreter, errno: .noSuchFile, path: noInterpreter))
    }

    /// As the README has it: `--cmd ./script.sh`.
    @Test func aRelativeScriptWithoutItsInterpreterIsNotCalledAbsent() throws {
        let directory = try ScratchDirectory()
        _ = try directory.script("lost", "#!/bin/sh\r\necho written on another system\r\n")
        var settings = ChildSettings()
        settings.workingDirectory = directory.path
        let lost = #expect(throws: SpawnError.self) { _ = try ChildRun.run(["./lost"], settings: settings) }
        #expect(lost == SpawnError(.interpreter, errno: .noSuchFile, path: "./lost"))
        let absent = #expect(throws: SpawnError.self) { _ = try ChildRun.run(["./gone"], settings: settings) }
        #expect(absent == SpawnError(.child(.program), errno: .noSuchFile, path: "./gone"))
    }

    @Test func aFolderIsCalledAFolder() throws {
        let directory = try ScratchDirectory()
        let obstacle = ProgramSearch.obstacle("./", path: nil, directory: directory.path)
        #expect(obstacle?.description == "'\(directory.path)/./' is a directory")
    }

    @Test func theChildsPathIsSearchedNotOurs() throws {
        let directory = try ScratchDirectory()
        _ = try directory.script("sh", "#!/bin/sh\necho mine\n")
        #expect(try ChildRun.run(["sh"], environment: ["PATH=\(directory.path):/bin"]).output == "mine\n")
        let error = #expect(throws: SpawnError.self) {
            _ = try ChildRun.run(["sh"], environment: ["PATH=:.:bin"])
        }
        #expect(error?.stage == .search)
    }

    @Test(.enabled(if: geteuid() != 0, "root may")) func changingTheUserNeedsPrivileges() throws {
        var settings = ChildSettings()
        settings.credentials = Credentials(user: 0, group: nil)
        let error = #expect(throws: SpawnError.self) {
            _ = try ChildRun.run(["/bin/true"], settings: settings)
        }
        #expect(error?.stage == .child(.credentials))
    }

    @Test func nothingIsLeftAfterAThousandFailures() throws {
        let run = try ProbeRun.run("fail")
        #expect(run.lines == ["descriptors: 0", "children: 1", "live: 0"])
    }
}
