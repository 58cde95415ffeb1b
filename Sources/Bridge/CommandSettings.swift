package import IOCore
package import StdioFraming
package import SystemCalls

/// What all children of a route share: one object a worker.
package final class CommandSettings {
    let program: String
    /// The program's own name first.
    let arguments: CStringArray
    /// `NAME=value`: the server's variables that are let through, then the route's own.
    let environment: CStringArray
    let passesCookies: Bool
    let process: ChildSettings
    /// Whether children get a terminal instead of pipes.
    let usesTerminal: Bool
    let errorPolicy: ErrorPolicy
    let encoding: RecordEncoding
    let framing: Framing
    let messageKind: MessageKind?
    let recordBytesMax: Int
    let longRecord: LongRecord
    let invalidText: InvalidText
    let teardown: [TeardownRung]
    /// An exit status N becomes this + N; nil: 1011.
    let closeCodeBase: UInt16?
    let launcher: any ProcessLauncher

    /// What becomes of a child's stderr.
    package enum ErrorPolicy: Sendable, Equatable { case log, client, discard, inherit }

    package init(
        words: [String], environment: CStringArray, passesCookies: Bool, process: ChildSettings, usesTerminal: Bool,
        errorPolicy: ErrorPolicy, framing: Framing, innerNewline: InnerNewline, messageKind: MessageKind?,
        recordBytesMax: Int, longRecord: LongRecord, invalidText: InvalidText, teardown: [TeardownRung],
        closeCodeBase: UInt16?, launcher: any ProcessLauncher
    ) {
        self.program = words.first ?? ""
        self.arguments = CStringArray(words)
        self.environment = environment
        self.passesCookies = passesCookies
        self.process = process
        self.usesTerminal = usesTerminal
        self.errorPolicy = errorPolicy
        self.encoding = RecordEncoding(framing: framing, innerNewline: innerNewline)
        self.framing = framing
        self.messageKind = messageKind
        self.recordBytesMax = recordBytesMax
        self.longRecord = longRecord
        self.invalidText = invalidText
        self.teardown = teardown
        self.closeCodeBase = closeCodeBase
        self.launcher = launcher
    }
}
