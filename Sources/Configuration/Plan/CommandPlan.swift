package import StdioFraming

/// The program started for each session, its surroundings and how messages travel to and from it.
package struct CommandPlan: Sendable, Equatable {
    /// The program and its arguments, as they are; never empty.
    package var words: [String]
    package var environment: [EnvironmentVariable]
    /// Names of the server's own variables that the program sees too.
    package var passEnvironment: [String]
    package var workingDirectory: String?
    package var passesCookies: Bool
    package var usesTerminal: Bool
    package var stderr: StderrTarget
    package var records: RecordPlan
    package var teardown: [TeardownStep]
    /// Exit status N closes with this + N instead of 1011.
    package var closeCodeBase: Int?
    package var privileges: PrivilegePlan

    /// Without PATH hardly any script runs; everything else may hold secrets.
    package static let passEnvironmentStandard = ["PATH"]
    /// Application close codes end at 4999, exit statuses at 255.
    package static let closeCodeBaseRange = 3000...4744
}

/// One variable of the program's environment.
package struct EnvironmentVariable: Sendable, Equatable {
    package var name: String
    package var value: String
}

/// How messages and the bytes of standard input and output become each other.
package struct RecordPlan: Sendable, Equatable {
    package var framing: Framing
    /// Nil: the framing's own.
    package var messageKind: MessageKind?
    package var innerNewline: InnerNewline
    package var longRecord: LongRecord
    package var invalidText: InvalidText
    package var recordBytesMax: Int

    package static let standard = RecordPlan(
        framing: .lines, messageKind: nil, innerNewline: .refuse, longRecord: .close, invalidText: .replace,
        recordBytesMax: RecordDecoder.recordBytesStandard)
}
