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
            name: "/", match: .everything, handler: handler, files: nil, origin: .same, subprotocols: [],
            subprotocolRequired: false, limits: .standard)
    }
}

extension Plan {
    package init(routes: [RoutePlan], listeners: [ListenerPlan] = [.standard]) {
        self.init(
            listeners: listeners, workers: nil, hosts: [], connections: .standard, routes: routes, log: .standard,
            drainTimeout: Self.drainTimeoutStandard, removedRouteTimeout: Self.removedRouteTimeoutStandard)
    }
}

extension EnvironmentVariable {
    package init(_ name: String, _ value: String) { self.init(name: name, value: value) }
}
