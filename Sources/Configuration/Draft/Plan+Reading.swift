extension Plan {
    /// What came out of a draft.
    struct Reading {
        /// Nil when some part of it could not be made.
        var plan: Plan?
        var diagnostics: [Diagnostic] = []
        var asked: Set<SettingName> = []

        mutating func take(_ reader: SettingReader) {
            self.diagnostics += reader.diagnostics
            self.asked.formUnion(reader.asked)
        }
    }

    static func read(_ draft: PlanDraft, _ surroundings: any Surroundings) -> Reading {
        var reading = Reading()
        var reader = SettingReader(draft.server, source: draft.source, surroundings: surroundings)
        let listeners = Self.listeners(draft, &reader, &reading)
        let workers: Int? = reader.value(.workers, in: 1...1024)
        let log = LogPlan(
            level: reader.value(.logLevel) ?? LogPlan.standard.level,
            format: reader.value(.logFormat) ?? LogPlan.standard.format)
        let hosts = reader.list(.host, check: AccessNames.host)
        let drainTimeout =
            reader.value(.drainTimeout, in: .seconds(0)...(.days(1))) ?? Self.drainTimeoutStandard
        let removed =
            reader.limit(.removedRouteTimeout, in: .seconds(0)...(.days(3650))) ?? Self.removedRouteTimeoutStandard
        let connections = ConnectionPlan.read(&reader, defaults: draft.defaults)
        let metricsListener = Self.metricsListener(besides: listeners.map(\.address), &reader)
        reading.take(reader)
        let routes = Self.routes(draft, &reading, surroundings)
        guard let routes else { return reading }
        reading.plan = Plan(
            listeners: listeners, workers: workers, hosts: hosts, connections: connections, routes: routes, log: log,
            drainTimeout: drainTimeout, removedRouteTimeout: removed,
            metricsListener: metricsListener)
        return reading
    }
}

extension PlanDraft {
    /// Where to point when something of the whole is missing.
    fileprivate var source: Setting.Source {
        switch self.routes.first?.source {
        case .commandLine: .commandLine
        case .file, nil: .file(line: 1, column: 1)
        }
    }
}

extension ConnectionPlan {
    static func read(_ reader: inout SettingReader, defaults: [Setting]) -> ConnectionPlan {
        // What is wrong with it is told where the routes read it.
        var inherited = SettingReader(defaults)
        return ConnectionPlan(
            handshakeTimeout: reader.value(.handshakeTimeout, in: SessionLimits.timeouts)
                ?? Self.standard.handshakeTimeout,
            lingerTimeout: inherited.value(.closeTimeout, in: SessionLimits.timeouts) ?? Self.standard.lingerTimeout)
    }
}
