package import SystemCalls

/// Everything a session decides about its child.
package struct SpawnRequest: Sendable {
    /// Where the child's stderr goes.
    package enum ErrorOutput: Sendable, Equatable { case pipe, inherit, discard }

    /// What the child talks through.
    package enum Channel: Sendable, Equatable {
        /// `pipeBytes` asks the kernel for another capacity than its 64 KiB.
        case pipes(errors: ErrorOutput, pipeBytes: Int?)
        /// One pseudo terminal for all three streams.
        case terminal(TerminalSize)
    }

    /// Becomes `UNIQUE_ID` in the child's environment.
    package var id: UniqueID
    /// A name without a slash is sought in the `PATH` of `environment`; with one it is taken as it is,
    /// relative to the working directory.
    package var program: String
    /// The whole vector, the program's own name first.
    package var arguments: CStringArray
    /// The whole environment but `UNIQUE_ID`; nothing of the server's is added.
    package var environment: CStringArray
    package var channel: Channel
    package var settings: ChildSettings

    package init(
        id: UniqueID, program: String, arguments: CStringArray, environment: CStringArray,
        channel: Channel = .pipes(errors: .pipe, pipeBytes: nil), settings: ChildSettings = ChildSettings()
    ) {
        self.id = id
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.channel = channel
        self.settings = settings
    }
}
