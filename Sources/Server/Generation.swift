internal import Configuration
internal import Processes
internal import Routing
internal import SystemCalls

/// What connections that come now are served by: a plan, and what belongs to it on this machine. A reload makes the
/// next one; sessions stay with the one they began in.
final class Generation: Sendable {
    /// A route's part that all workers share.
    struct Route: Sendable {
        let plan: RoutePlan
        let childSettings: ChildSettings
        /// Nil: it has no server behind it.
        let upstream: RouteUpstream?
        /// The same for a route of the same name in the next generation: sessions of both count.
        let ledger: RouteLedger
    }

    let plan: Plan
    let table: RouteTable
    let routes: [Route]
    let entrances: [Entrance]
    /// The listener for operators, which the main thread has.
    let metrics: Entrance?
    let memory: MemorySum

    /// `openFiles` is the limit that programs get; `before` lends its ledgers.
    init(
        _ plan: Plan, entrances: [Entrance], metrics: Entrance?, keepers: TLSKeepers, workers: Int,
        openFiles: SystemCalls.ResourceLimit, log: Log, after before: Generation? = nil
    ) throws(ServerFailure) {
        self.plan = plan
        self.table = plan.routeTable
        self.entrances = Entrance.equipped(entrances, keepers)
        self.metrics = metrics
        self.memory = MemorySum(plan.routes, workers: workers)
        var routes: [Route] = []
        for route in plan.routes {
            let earlier = before?.routes.first { $0.plan.name == route.name }
            routes.append(
                Route(
                    plan: route, childSettings: try Self.childSettings(route, openFiles),
                    upstream: try Self.upstream(route, after: earlier?.upstream, log),
                    ledger: earlier?.ledger ?? RouteLedger(route.limits)))
        }
        self.routes = routes
    }

    /// Lets the ledgers count against this generation's limits: it is the one that begins sessions now.
    func activate() {
        for route in self.routes { route.ledger.adopt(route.plan.limits) }
    }

    private static func upstream(
        _ route: RoutePlan, after before: RouteUpstream?, _ log: Log
    ) throws(ServerFailure) -> RouteUpstream? {
        guard case .upstream(let plan) = route.handler else { return nil }
        return try RouteUpstream(plan, routeName: route.name, after: before, log: log)
    }

    private static func childSettings(
        _ route: RoutePlan, _ openFiles: SystemCalls.ResourceLimit
    ) throws(ServerFailure) -> ChildSettings {
        guard case .command(let command) = route.handler else { return ChildSettings() }
        var settings = try ChildSettings(command)
        // More descriptors than it was made for break a program that uses select(2): it gets what we were given.
        if !settings.limits.contains(where: { $0.resource == openFiles.resource }) { settings.limits.append(openFiles) }
        return settings
    }
}
