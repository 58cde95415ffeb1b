/// A configuration as written: options in the order given, and the words of the program.
package struct PlanDraft: Sendable, Equatable {
    package var settings: [Setting]
    package var words: [String]

    package init(settings: [Setting], words: [String] = []) {
        self.settings = settings
        self.words = words
    }

    /// The plan it makes and what is doubtful about it, or all that is wrong with it.
    package func check() -> Result<CheckedPlan, Diagnostics> {
        var reader = SettingReader(self.settings)
        let plan = Plan.read(&reader, words: self.words)
        let errors = reader.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty, let plan else { return .failure(Diagnostics(entries: reader.diagnostics)) }
        return .success(CheckedPlan(plan: plan, warnings: reader.diagnostics))
    }
}

/// A plan that holds, with the warnings to log when it is put to use.
package struct CheckedPlan: Sendable {
    package let plan: Plan
    package let warnings: [Diagnostic]
}
