internal import Configuration

/// What a reload changes, for one line of the log.
struct Changes {
    private var parts: [String] = []

    init(from before: Plan, to after: Plan) {
        let (old, new) = (before.routes, after.routes)
        self.note("routes added", new.filter { route in !old.contains { $0.name == route.name } }.map(\.name))
        self.note("routes removed", old.filter { route in !new.contains { $0.name == route.name } }.map(\.name))
        self.note(
            "routes changed",
            new.filter { route in old.contains { $0.name == route.name && $0 != route } }.map(\.name))
        let (left, came) = (before.listeners, after.listeners)
        self.note("listeners added", Self.addresses(came, without: left))
        self.note("listeners removed", Self.addresses(left, without: came))
        self.note(
            "listeners changed",
            came.filter { one in left.contains { $0.address == one.address && $0 != one } }.map(\.address.description))
        var settings: [String] = []
        if before.log != after.log { settings.append("log") }
        if before.hosts != after.hosts { settings.append("host") }
        if before.connections != after.connections { settings.append("handshake_timeout or close_timeout") }
        if before.drainTimeout != after.drainTimeout { settings.append("drain_timeout") }
        if before.metricsListener != after.metricsListener { settings.append("metrics_listen") }
        if before.removedRouteTimeout != after.removedRouteTimeout { settings.append("removed_route_timeout") }
        self.note("settings changed", settings)
    }

    var description: String { self.parts.isEmpty ? "nothing" : self.parts.joined(separator: "; ") }

    /// Names of a list that is too long to read are counted.
    private static let namesMax = 10

    private mutating func note(_ what: String, _ names: [String]) {
        guard !names.isEmpty else { return }
        let more = names.count > Self.namesMax ? " and \(names.count - Self.namesMax) more" : ""
        self.parts.append("\(what): \(names.prefix(Self.namesMax).joined(separator: ", "))\(more)")
    }

    private static func addresses(_ these: [ListenerPlan], without those: [ListenerPlan]) -> [String] {
        these.map(\.address).filter { address in !those.contains { $0.address == address } }.map(\.description)
    }
}
