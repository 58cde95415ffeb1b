internal import StdioFraming

/// Plans in which everything but the essential is as by default: for tests, and to vary.
extension CommandPlan {
    package init(words: [String]) {
        self.init(
            words: words, environment: [], passEnvironment: Self.passEnvironmentStandard,
            workingDirectory: nil,
            passesCookies: false, usesTerminal: false, stderr: .log, records: .standard,
            teardown: TeardownStep.ladder(
                closeWait: TeardownStep.closeWaitStandard, terminateWait: TeardownStep.terminateWaitStandard),
            closeCodeBase: nil, privileges: .standard)
    }
}

extension PrivilegePlan {
    package static let standard = PrivilegePlan(
        user: nil, group: nil, umask: nil, nice: nil, noNewPrivileges: false, resourceLimits: [])
}

extension RoutePlan {
    package init(handler: HandlerPlan) {
        self.init(
            name: "/", handler: handler, origin: .same, hosts: [], subprotocols: [],
            subprotocolRequired: false,
            limits: .standard)
    }
}

extension Plan {
    package init(routes: [RoutePlan], listeners: [ListenAddress] = [.standard]) {
        self.init(
            listeners: listeners, workers: nil, routes: routes, log: .standard, console: .auto,
            drainTimeout: Self.drainTimeoutStandard)
    }
}

extension EnvironmentVariable {
    package init(_ name: String, _ value: String) { self.init(name: name, value: value) }
}
