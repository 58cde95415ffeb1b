/// A configuration as written, by whichever means: the command line and the file make the same draft, and it makes the
/// plan.
package struct PlanDraft: Sendable, Equatable {
    /// What holds for the whole server.
    package var server: [Setting]
    package var listeners: [ListenerDraft]
    package var routes: [RouteDraft]
    /// What a route without a `close-timeout` of its own has, and connections before they have a route.
    package var defaults: [Setting]
    /// What was found wrong while it was drafted.
    package var faults: [Diagnostic]

    package init(
        server: [Setting], listeners: [ListenerDraft], routes: [RouteDraft], defaults: [Setting] = [],
        faults: [Diagnostic] = []
    ) {
        self.server = server
        self.listeners = listeners
        self.routes = routes
        self.defaults = defaults
        self.faults = faults
    }

    /// The command line: options in the order given, and the words of the program. It has one route, for every request.
    package init(settings: [Setting], words: [String] = []) {
        let isServers = { (setting: Setting) in
            switch setting.name {
            case .option(let option): OptionTable.row(option).scope == .server
            case .key: false
            }
        }
        let route = settings.filter { !isServers($0) }
        self.init(
            server: settings.filter(isServers), listeners: [],
            routes: [RouteDraft(settings: route, words: words, source: .commandLine)],
            defaults: route)
    }

    /// The plan it makes and what is doubtful about it, or all that is wrong with it.
    package func check(
        in surroundings: any Surroundings = AmpleSurroundings()
    ) -> Result<CheckedPlan, Diagnostics> {
        let reading = Plan.read(self, surroundings)
        let found = Diagnostics(sorting: self.faults + reading.diagnostics)
        let hasErrors = found.entries.contains { $0.severity == .error }
        guard !hasErrors, let plan = reading.plan else { return .failure(found) }
        return .success(CheckedPlan(plan: plan, warnings: found.entries))
    }
}

/// A route as written.
package struct RouteDraft: Sendable, Equatable {
    package var settings: [Setting]
    /// Settings of `[defaults]`, for what the route does not say itself.
    package var inherited: [Setting]
    /// A program's words, where they are not one string, and where they stand.
    package var words: [String]
    package var wordsSource: Setting.Source?
    package var source: Setting.Source
    /// Something in it could not be understood, so what seems to be missing may be that.
    package var isUnclear: Bool

    package init(
        settings: [Setting], inherited: [Setting] = [], words: [String] = [],
        wordsSource: Setting.Source? = nil, source: Setting.Source, isUnclear: Bool = false
    ) {
        self.settings = settings
        self.inherited = inherited
        self.words = words
        self.wordsSource = wordsSource
        self.source = source
        self.isUnclear = isUnclear
    }
}

/// A listener as written in the file.
package struct ListenerDraft: Sendable, Equatable {
    package var settings: [Setting]
    package var source: Setting.Source

    package init(settings: [Setting], source: Setting.Source) {
        self.settings = settings
        self.source = source
    }
}

/// A plan that holds, with the warnings to log when it is put to use.
package struct CheckedPlan: Sendable {
    package let plan: Plan
    package let warnings: [Diagnostic]
}
