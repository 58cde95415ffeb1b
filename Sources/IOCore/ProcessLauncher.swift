package import SystemCalls

/// How a session's child is to be started.
package struct ChildRecipe: Sendable {
    /// Where the child's stderr goes.
    package enum ErrorOutput: Sendable, Equatable { case pipe, inherit, discard }

    /// What the child talks through.
    package enum Channel: Sendable, Equatable {
        case pipes(errors: ErrorOutput)
        /// One pseudo terminal for all three streams, of this size at first.
        case terminal(TerminalSize)
    }

    /// 128 random bits that only this session has; the child's environment carries them as `UNIQUE_ID`.
    package let id: (high: UInt64, low: UInt64)
    /// A name without a slash is sought in the PATH of `environment`.
    package let program: String
    /// The whole vector, the program's own name first.
    package let arguments: CStringArray
    /// `NAME=value`; nothing of the server's is added.
    package let environment: CStringArray
    package let channel: Channel
    package let settings: ChildSettings

    package init(
        id: (high: UInt64, low: UInt64), program: String, arguments: CStringArray, environment: CStringArray,
        channel: Channel, settings: ChildSettings
    ) {
        self.id = id
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.channel = channel
        self.settings = settings
    }
}

/// Starts children without stopping the worker. Answers come on the worker's thread, in a later turn.
package protocol ProcessLauncher: AnyObject {
    func launch(_ client: any LaunchClient) -> any LaunchTicket
}

/// A start that may still be called off; a child that came into being nevertheless is ended.
package protocol LaunchTicket: AnyObject {
    func cancel()
}

package protocol LaunchClient: AnyObject {
    /// What to start; asked for once, when its turn has come: a recipe takes much memory, and many may wait.
    func makeRecipe() -> ChildRecipe
    func launched(_ child: any ChildProcess)
    /// One line that names the thing and the way out.
    func launchFailed(_ reason: String)
}

/// A child and its streams. Its group is buried after its end whatever the session does.
package protocol ChildProcess: AnyObject {
    var pid: Int32 { get }
    var input: any ByteStream { get }
    var output: any ByteStream { get }
    /// Whether stderr is a pipe of which nothing has come yet, and may still come.
    var mayBeginErrors: Bool { get }
    /// Nobody wants to hear how they begin any more.
    func ignoreErrors()
    /// Hears of the end, once, and of stderr.
    var client: (any ChildProcessClient)? { get set }
    /// Has an effect only where the child has a terminal.
    func resizeTerminal(to size: TerminalSize)
    /// kill(2) of the whole process group.
    func signalGroup(_ signal: Signal)
    /// Ends a child that no session came to own.
    func abandon()
}

package protocol ChildProcessClient: AnyObject {
    func childEnded(_ status: ExitStatus)
    /// Something came on stderr, for the first time: most children never use it, and it is no stream until then. The
    /// stream gets its delegate in this call.
    func errorsBegan(_ stream: any ByteStream)
    /// stderr ended, and nothing ever came.
    func errorsNeverBegan()
}
