internal import Routing

extension Plan {
    /// All routes, or nil when one of them could not be made or two are in each other's way.
    static func routes(
        _ draft: PlanDraft, _ reading: inout Reading, _ surroundings: any Surroundings
    ) -> [RoutePlan]? {
        var routes: [(plan: RoutePlan, draft: RouteDraft)] = []
        for route in draft.routes {
            var reader = SettingReader(
                route.settings, inherited: route.inherited, source: route.source, surroundings: surroundings)
            let plan = RoutePlan.read(&reader, route)
            reading.take(reader)
            if let plan { routes.append((plan, route)) }
        }
        if draft.routes.isEmpty {
            var reader = SettingReader([], source: .file(line: 1, column: 1))
            reader.report(
                nil, "there is nothing to serve",
                remedy: "add a [[route]] with command, tcp, unix, proxy, static or echo")
            reading.take(reader)
        }
        Self.checkNames(routes, &reading)
        Self.checkReach(routes, &reading)
        return routes.count == draft.routes.count && !routes.isEmpty ? routes.map(\.plan) : nil
    }

    private static func checkNames(_ routes: [(plan: RoutePlan, draft: RouteDraft)], _ reading: inout Reading) {
        for (index, route) in routes.enumerated() {
            guard let other = routes[..<index].first(where: { $0.plan.name == route.plan.name }) else { continue }
            // Two routes without a name for the same requests: that they are the same is said below.
            guard other.plan.match != route.plan.match || route.draft.names(.name) else { continue }
            var reader = SettingReader(route.draft.settings, source: route.draft.source)
            reader.report(
                key: .name, "\(route.plan.name) is the name of the route \(other.draft.place) too",
                remedy: "give each route a name of its own")
            reading.take(reader)
        }
    }

    private static func checkReach(_ routes: [(plan: RoutePlan, draft: RouteDraft)], _ reading: inout Reading) {
        let plan = Plan(routes: routes.map(\.plan))
        for conflict in plan.routeTable.conflicts {
            let (route, earlier) = (routes[conflict.route], routes[conflict.earlier])
            let host = conflict.host == .any ? "" : " for \(conflict.host)"
            var reader = SettingReader(route.draft.settings, source: route.draft.source)
            reader.report(
                key: .path,
                "cannot be reached: the route \(earlier.draft.place) takes the same requests\(host)",
                remedy: "give it another host or path, or remove one of them")
            reading.take(reader)
        }
    }
}

extension RouteDraft {
    fileprivate func names(_ key: FileKey) -> Bool { self.settings.contains { $0.name == .key(key) } }

    /// For messages about another route.
    fileprivate var place: String {
        switch self.source {
        case .commandLine: "of the command line"
        case .file(let line, _): "on line \(line)"
        }
    }
}
