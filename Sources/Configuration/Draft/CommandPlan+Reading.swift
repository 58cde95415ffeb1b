internal import StdioFraming

extension CommandPlan {
    static func read(_ reader: inout SettingReader, words: [String], records: RecordPlan) -> CommandPlan {
        let usesTerminal = reader.flag(.pty)
        if usesTerminal, reader.isGiven(.stderr) {
            reader.report(.stderr, "--pty shows standard error on the terminal", remedy: "leave one of them out")
        }
        return CommandPlan(
            words: words,
            environment: reader.values(.env),
            passEnvironment: Self.passEnvironment(&reader),
            workingDirectory: Self.workingDirectory(&reader),
            passesCookies: reader.flag(.passCookie),
            usesTerminal: usesTerminal,
            stderr: reader.value(.stderr) ?? .log,
            records: records,
            teardown: Self.teardown(&reader),
            closeCodeBase: reader.value(.closeCodeBase, in: Self.closeCodeBaseRange),
            privileges: PrivilegePlan.read(&reader))
    }

    private static func workingDirectory(_ reader: inout SettingReader) -> String? {
        guard let directory = reader.value(.cwd, as: DirectoryPath.self)?.text else { return nil }
        reader.report(.cwd, reader.surroundings.obstacle(toEntering: directory))
        return directory
    }

    private static func passEnvironment(_ reader: inout SettingReader) -> [String] {
        let added = reader.list(.passEnv, check: AccessNames.variable)
        return Self.passEnvironmentStandard + added.filter { !Self.passEnvironmentStandard.contains($0) }
    }

    private static func teardown(_ reader: inout SettingReader) -> [TeardownStep] {
        let range = TimeSpan.seconds(0)...(.hours(1))
        return TeardownStep.ladder(
            closeWait: reader.value(.teardownCloseWait, in: range) ?? TeardownStep.closeWaitStandard,
            terminateWait: reader.value(.teardownTermWait, in: range) ?? TeardownStep.terminateWaitStandard)
    }
}

extension EnvironmentVariable: OptionValue {
    package init(parsing text: String) throws(ValueFault) {
        guard let equals = text.firstIndex(of: "=") else {
            throw ValueFault(
                "has no value", remedy: "write NAME=VALUE, or pass the server's own with --pass-env")
        }
        self.name = try AccessNames.variable(String(text[..<equals]))
        self.value = String(text[text.index(after: equals)...])
    }

    package var description: String { "\(self.name)=\(self.value)" }
}

/// A directory, which the server and not this module looks at.
private struct DirectoryPath: OptionValue {
    let text: String
    var description: String { self.text }
    init(parsing text: String) throws(ValueFault) {
        guard !text.isEmpty else { throw ValueFault("is empty", remedy: "write a directory") }
        self.text = text
    }
}

extension RecordPlan {
    /// `standard` is the framing that holds where none is given.
    static func read(_ reader: inout SettingReader, standard: Framing) -> RecordPlan {
        let usesTerminal = reader.flag(.pty)
        let framing: Framing = reader.value(.framing) ?? (usesTerminal ? .raw : standard)
        let range = ByteCount(bytes: RecordDecoder.recordBytesLeast)...SessionLimits.messageSizeCeiling
        let plan = RecordPlan(
            framing: framing,
            messageKind: reader.value(.messageType),
            innerNewline: reader.value(.innerNewline) ?? Self.standard.innerNewline,
            longRecord: reader.value(.longRecord) ?? Self.standard.longRecord,
            invalidText: reader.value(.invalidText) ?? Self.standard.invalidText,
            recordBytesMax: reader.value(.maxRecordSize, in: range)?.bytes ?? Self.standard.recordBytesMax)
        if usesTerminal, framing != .raw {
            reader.report(
                .framing, "--pty has no records to tell apart", remedy: "leave it out, or use --framing raw")
        }
        if plan.messageKind != nil, !framing.leavesKindOpen {
            reader.report(
                .messageType, "--framing \(framing) settles it",
                remedy: "leave it out, or use --framing null, raw or length-prefixed")
        }
        if reader.isGiven(.innerNewline), framing != .lines {
            reader.report(.innerNewline, "--framing \(framing) minds no newlines", remedy: "leave it out")
        }
        if plan.longRecord == .split, !framing.isDelimited {
            reader.report(
                .longRecord, "--framing \(framing) has no records to split",
                remedy: "use --framing lines or null")
        }
        return plan
    }
}
