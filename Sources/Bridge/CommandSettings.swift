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
    /// As it is between two records.
    let decoder: RecordDecoder
    /// Whether each read is a message as it is.
    let passesReadsWhole: Bool
    let invalidText: InvalidText
    let teardown: [TeardownRung]
    /// An exit status N becomes this + N; nil: 1011.
    let closeCodeBase: UInt16?
    let launcher: any ProcessLauncher
    let loop: any EventLoop

    /// What becomes of a child's stderr.
    package enum ErrorPolicy: Sendable, Equatable { case log, client, discard, inherit }

    package init(
        words: [String], environment: CStringArray, passesCookies: Bool, process: ChildSettings, usesTerminal: Bool,
        errorPolicy: ErrorPolicy, framing: Framing, innerNewline: InnerNewline, messageKind: MessageKind?,
        recordBytesMax: Int, longRecord: LongRecord, invalidText: InvalidText, teardown: [TeardownRung],
        closeCodeBase: UInt16?, launcher: any ProcessLauncher, loop: any EventLoop
    ) {
        self.program = words.first ?? ""
        self.arguments = CStringArray(words)
        self.environment = environment
        self.passesCookies = passesCookies
        self.process = process
        self.usesTerminal = usesTerminal
        self.errorPolicy = errorPolicy
        self.encoding = RecordEncoding(framing: framing, innerNewline: innerNewline)
        self.decoder = RecordDecoder(
            framing: framing, kind: messageKind, recordBytesMax: recordBytesMax, longRecord: longRecord)
        self.passesReadsWhole = framing == .raw && messageKind != .text
        self.invalidText = invalidText
        self.teardown = teardown
        self.closeCodeBase = closeCodeBase
        self.launcher = launcher
        self.loop = loop
    }
}
