internal import StdioFraming

extension CommandPlan {
    static func read(_ reader: inout SettingReader, words: [String], records: RecordPlan) -> CommandPlan {
        let usesTerminal = reader.flag(.pty)
        if usesTerminal, reader.goes(.stderr, with: .pty) {
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
    /// How messages travel to a program or server, and what is not meant for either.
    enum Use {
        case program, server
        /// There are no records, whatever is said or inherited about them.
        case none
    }

    static func read(_ reader: inout SettingReader, for use: Use) -> RecordPlan {
        let usesTerminal = use == .program && reader.flag(.pty)
        let standard: Framing = usesTerminal || use == .server ? .raw : .lines
        // A terminal of the route's own goes before an inherited framing.
        let given: Framing? = reader.value(.framing)
        let isSetAside = usesTerminal && !reader.goes(.framing, with: .pty)
        let range = ByteCount(bytes: RecordDecoder.recordBytesLeast)...SessionLimits.messageSizeCeiling
        var plan = RecordPlan(
            framing: (isSetAside ? nil : given) ?? standard,
            messageKind: reader.value(.messageType),
            innerNewline: reader.value(.innerNewline) ?? Self.standard.innerNewline,
            longRecord: reader.value(.longRecord) ?? Self.standard.longRecord,
            invalidText: reader.value(.invalidText) ?? Self.standard.invalidText,
            recordBytesMax: reader.value(.maxRecordSize, in: range)?.bytes ?? Self.standard.recordBytesMax)
        if usesTerminal, plan.framing != .raw {
            reader.report(
                .framing, "--pty has no records to tell apart\(reader.heir(of: .framing))",
                remedy: reader.isGivenHere(.pty)
                    ? "leave it out, or use --framing raw" : "leave it out, or write pty = false")
        }
        if use != .none { plan.setAside(&reader, fitsInherited: !isSetAside) }
        return plan
    }

    /// Takes back what the framing leaves no room for. `fitsInherited`: an inherited framing is the one that holds.
    private mutating func setAside(_ reader: inout SettingReader, fitsInherited: Bool) {
        func refuse(_ option: OptionName, _ problem: String, remedy: String, _ reader: inout SettingReader) {
            guard fitsInherited ? reader.goes(option, with: .framing) : reader.isGivenHere(option) else { return }
            reader.report(option, problem, remedy: remedy)
        }
        if self.messageKind != nil, !self.framing.leavesKindOpen {
            self.messageKind = nil
            refuse(
                .messageType, "--framing \(self.framing) settles it",
                remedy: "leave it out, or use --framing null, raw or length-prefixed", &reader)
        }
        if reader.isGiven(.innerNewline), self.framing != .lines {
            self.innerNewline = Self.standard.innerNewline
            refuse(
                .innerNewline, "--framing \(self.framing) minds no newlines", remedy: "leave it out", &reader)
        }
        if self.longRecord == .split, !self.framing.isDelimited {
            self.longRecord = Self.standard.longRecord
            refuse(
                .longRecord, "--framing \(self.framing) has no records to split",
                remedy: "use --framing lines or null", &reader)
        }
    }
}
