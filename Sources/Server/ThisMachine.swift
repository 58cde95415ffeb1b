internal import Configuration
internal import Processes
internal import SystemCalls

/// This machine, as plans are checked against it.
struct ThisMachine: Surroundings {
    func obstacle(toStarting command: CommandPlan) -> ValueFault? {
        // What keeps it from standing there was said already.
        if let directory = command.workingDirectory, FileSystem.obstacle(toEntering: directory) != nil { return nil }
        let path = command.environment.last { $0.name == "PATH" }?.value ?? Self.inheritedPath(command)
        let obstacle = ProgramSearch.obstacle(
            command.words.first ?? "", path: path, directory: command.workingDirectory)
        return obstacle.map { ValueFault($0.description, remedy: Self.wayOut(command)) }
    }

    func obstacle(toEntering directory: String) -> ValueFault? {
        FileSystem.obstacle(toEntering: directory).map {
            ValueFault("cannot be entered: \($0)", remedy: "name a directory that is there")
        }
    }

    func obstacle(toRunningAs user: AccountName) -> ValueFault? {
        switch user {
        case .name(let name) where Accounts.user(named: name) == nil:
            ValueFault("there is no user '\(name)'", remedy: "name one that getent passwd shows")
        case .name, .id: nil
        }
    }

    func obstacle(toJoining group: AccountName) -> ValueFault? {
        switch group {
        case .name(let name) where Accounts.group(named: name) == nil:
            ValueFault("there is no group '\(name)'", remedy: "name one that getent group shows")
        case .name, .id: nil
        }
    }

    /// Both take a capability (capabilities(7)); where nobody tells which there are, the start of a program will.
    var mayChangeUser: Bool {
        guard let status = try? FileContents("/proc/self/status") else { return true }
        let lines = String(decoding: status.bytes, as: UTF8.self).split(separator: "\n")
        let held = lines.first { $0.hasPrefix("CapEff:") }?.split(separator: "\t").last
        guard let set = held.flatMap({ UInt64($0, radix: 16) }) else { return true }
        return set & Self.userCapabilities == Self.userCapabilities
    }

    /// CAP_SETGID is 6, CAP_SETUID 7.
    private static let userCapabilities: UInt64 = 1 << 6 | 1 << 7

    func obstacle(toListeningAt path: String) -> ValueFault? {
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let directory = parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent
        return FileSystem.obstacle(toEntering: directory).map {
            ValueFault("the directory \(directory): \($0)", remedy: "make it first")
        }
    }

    private static func inheritedPath(_ command: CommandPlan) -> String? {
        guard command.passEnvironment.contains("PATH") else { return nil }
        return ProcessEnvironment.value(of: "PATH").map { String(decoding: $0, as: UTF8.self) }
    }
}
