package import Configuration
internal import ConfigurationFile
internal import SystemCalls

/// Where a plan comes from, and so what a reload reads again.
package enum PlanSource: Sendable {
    case commandLine
    case file(FileRequest)

    var isFile: Bool {
        switch self {
        case .commandLine: false
        case .file: true
        }
    }
}

/// A plan from a file, with what is doubtful about it; or why there is none.
package struct LoadedPlan: Sendable {
    package let plan: Plan
    /// For people, on several lines; nil when there is nothing to say.
    package let warnings: String?
    /// The same for the log, one a line.
    let warningLines: [String]
    private let file: ConfigurationFile

    init(_ checked: CheckedPlan, _ file: ConfigurationFile) {
        self.plan = checked.plan
        self.warnings = checked.warnings.isEmpty ? nil : file.report(checked.warnings)
        self.warningLines = checked.warnings.map(file.line)
        self.file = file
    }

    /// What keeps the plan from being served, with its place in the file if it has one: for people, on several lines.
    func report(_ failure: ServerFailure) -> String {
        failure.diagnostic.map { self.file.report([$0]) } ?? "wsbridge: \(failure)"
    }

    /// The same for the log, on one line.
    func line(_ failure: ServerFailure) -> String { failure.diagnostic.map(self.file.line) ?? "\(failure)" }
}

/// Why a file makes no plan.
package struct LoadFailure: Error, Sendable {
    /// For people, on several lines.
    package let report: String
    /// For the log, one a line.
    let lines: [String]
}

extension FileRequest {
    /// Reads the file and checks it against this machine.
    func load() throws(LoadFailure) -> LoadedPlan {
        let file: ConfigurationFile
        do throws(Errno) {
            let text = try FileSystem.read(self.path, bytesMax: ConfigurationFile.bytesMax)
            file = ConfigurationFile(name: self.path, text: text)
        } catch {
            let line = "cannot read \(self.path): \(error)".controlsEscaped
            throw LoadFailure(report: "error: \(line)", lines: [line])
        }
        switch file.check(overriding: self.settings, in: ThisMachine()) {
        case .success(let checked):
            return LoadedPlan(checked, file)
        case .failure(let diagnostics):
            throw LoadFailure(report: file.report(diagnostics.entries), lines: diagnostics.entries.map(file.line))
        }
    }
}
