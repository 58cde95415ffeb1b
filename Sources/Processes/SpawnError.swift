package import SystemCalls

/// Why there is no child, in terms of what somebody can change.
package struct SpawnError: Error, Equatable, Sendable {
    package enum Stage: Equatable, Sendable {
        /// The spawner does not run (any more).
        case stopped
        /// The client left before its turn.
        case cancelled
        case queueFull(requestsMax: Int)
        /// A NUL byte in an argument, a variable or a path.
        case innerNul
        /// Somebody killed it, and another one could not be started.
        case guardian
        /// Pipes, terminal, /dev/null: our side of the streams.
        case ourStreams
        /// The program was not found in any directory of the child's PATH.
        case search
        /// The script exists, the interpreter in its first line does not.
        case interpreter
        case child(SpawnStage)
    }

    package var stage: Stage
    /// Absent where the kernel was not asked.
    package var errno: Errno?
    /// What the stage was about: a program or a directory; empty elsewhere.
    package var path: String

    package init(_ stage: Stage, errno: Errno? = nil, path: String = "") {
        self.stage = stage
        self.errno = errno
        self.path = path
    }
}

extension SpawnError: CustomStringConvertible {
    /// One line that names the thing and, where there is one, the way out.
    package var description: String {
        let reason = self.errno.map { ": \($0)" } ?? ""
        return switch self.stage {
        case .stopped: "the server is stopping"
        case .cancelled: "the client left before its program was started"
        case .queueFull(let requestsMax): "too many programs wait to be started (limit: \(requestsMax))"
        case .innerNul: "an argument, a variable or a path holds a NUL byte"
        case .guardian: "cannot start another guardian process\(reason)"
        case .ourStreams: "cannot open the program's streams\(reason)"
        case .search: "the program '\(self.path)' is in no directory of the PATH that the program is given"
        case .interpreter:
            "the interpreter in the first line (#!) of '\(self.path)' does not exist (does that line end with CR LF?)"
        case .child(let stage): self.describe(stage, reason)
        }
    }

    private func describe(_ stage: SpawnStage, _ reason: String) -> String {
        switch stage {
        case .create: "cannot create a process\(reason) (limits: ulimit -u, TasksMax, memory)"
        case .session: "cannot create a session\(reason)"
        case .terminal: "cannot give the program its terminal\(reason)"
        case .streams: "cannot connect the program's streams\(reason)"
        case .limits: "cannot set the resource limits\(reason) (raising a hard limit needs privileges)"
        case .niceness: "cannot set the niceness\(reason) (lowering it needs privileges)"
        case .credentials: "cannot change user or group\(reason) (needs root or CAP_SETUID and CAP_SETGID)"
        case .parentDeath: "cannot tie the program's life to the server's\(reason)"
        case .workingDirectory: "cannot enter the working directory '\(self.path)'\(reason)"
        case .privileges: "cannot set no_new_privs\(reason)"
        case .descriptors: "cannot close inherited descriptors\(reason) (needs Linux 5.9 or later)"
        case .program: self.describeProgram(reason)
        }
    }

    private func describeProgram(_ reason: String) -> String {
        switch self.errno {
        case .notPermitted: "'\(self.path)' cannot be executed\(reason) (chmod +x; is it a directory?)"
        case .isDirectory: "'\(self.path)' is a directory"
        case .unknownFormat: "'\(self.path)' is neither a binary nor a script with a #! line"
        case .argumentsTooLong: "arguments and environment are larger than the kernel takes"
        case .some, .none: "cannot start '\(self.path)'\(reason)"
        }
    }
}
