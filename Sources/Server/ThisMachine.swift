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
        return obstacle.map { ValueFault($0.description, remedy: "name a program that is there and can be executed") }
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
