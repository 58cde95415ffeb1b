internal import Bridge
internal import Configuration
internal import Dialing
internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore
internal import Processes
internal import Proxy
internal import Routing
internal import Site
internal import SystemCalls
internal import Telemetry
internal import Transport
internal import WebSocket

/// The routes of one worker at this moment, and those it had before whose sessions have not ended.
final class Reception {
    /// A route as this worker serves it.
    struct Counter {
        let name: String
        let settings: SessionSettings
        let log: RouteLog
        /// One of the two.
        var bridge: BridgeRoute?
        let proxy: ProxyRoute?
        /// Nil: plain requests get no files here. What leads to none is the proxy's, where there is one.
        let files: FileSite?

        /// Whether a session, a child that is being started for one, or a request still needs it.
        mutating func isInUse() -> Bool {
            if self.log.openSessions > 0 || self.proxy?.isInUse ?? false { return true }
            return self.bridge != nil && !isKnownUniquelyReferenced(&self.bridge)
        }

        var desk: RouteDesk {
            if let proxy = self.proxy { return .proxy(proxy) }
            guard let bridge = self.bridge else { preconditionFailure("a route has somebody who answers") }
            return .bridge(bridge)
        }
    }

    /// What a worker's routes are made with.
    struct Wiring {
        let loop: any EventLoop
        let launcher: any ProcessLauncher
        let names: any NameLookup
        let log: Log
        /// What the TLS streams of the worker share.
        let workspace: () -> TLSWorkspace
        let drawID: () -> HexID
    }

    private let wiring: Wiring
    private var generation: Generation
    private var counters: [Counter]
    private var retired: [Counter] = []
    /// What routes of that name had counted when they were forgotten: a number never falls.
    private var past: [String: RouteTally] = [:]
    /// Requests that came to no route, by status.
    var requestsRefused = Tally<UInt16>()

    init(_ generation: Generation, _ wiring: Wiring) {
        self.generation = generation
        self.wiring = wiring
        self.counters = generation.routes.map { Self.open($0, wiring) }
    }

    private static func open(_ route: Generation.Route, _ wiring: Wiring) -> Counter {
        let plan = route.plan
        let log = RouteLog(wiring.log, ledger: route.ledger)
        let settings = SessionSettings(plan, log: log, loop: wiring.loop)
        if case .proxy(let proxyPlan) = plan.handler {
            let proxy = ProxyRoute(
                ProxySettings(proxyPlan, connector: Self.connector(route, wiring)), settings: settings,
                origins: plan.origin.rules, ledger: route.ledger, drawID: wiring.drawID)
            let files = Self.files(plan, log, wiring) { proxy.forward($0) }
            return Counter(name: plan.name, settings: settings, log: log, bridge: nil, proxy: proxy, files: files)
        }
        let bridge = BridgeRoute(
            Self.handler(route, wiring), settings: settings, origins: plan.origin.rules,
            subprotocols: SubprotocolRule(names: plan.subprotocols, isRequired: plan.subprotocolRequired),
            ledger: route.ledger, loop: wiring.loop, serverVersion: Product.version,
            drawID: wiring.drawID)
        let files = Self.files(plan, log, wiring, otherwise: nil)
        return Counter(name: plan.name, settings: settings, log: log, bridge: bridge, proxy: nil, files: files)
    }

    private static func files(
        _ plan: RoutePlan, _ log: RouteLog, _ wiring: Wiring, otherwise: ((Exchange) -> Void)?
    ) -> FileSite? {
        plan.files.map { files in
            FileSite(
                FileSite.Settings(files, routeName: plan.name), loop: wiring.loop, wallClock: { Clock.wall },
                drawBoundary: { "\(wiring.drawID())" }, log: { log.write($0, $1, $2) }, otherwise: otherwise)
        }
    }

    private static func handler(_ route: Generation.Route, _ wiring: Wiring) -> BridgeRoute.Handler {
        switch route.plan.handler {
        case .echo: .echo
        case .command(let command):
            .command(
                CommandSettings(
                    command, process: route.childSettings, launcher: wiring.launcher, loop: wiring.loop))
        case .upstream(let plan):
            .upstream(
                UpstreamSettings(
                    connector: Self.connector(route, wiring), records: RecordSettings(plan.records),
                    token: TokenSource(route.plan)))
        case .proxy:
            preconditionFailure("a proxy is no bridge")
        case .filesOnly: .nothing
        }
    }
}

extension Reception {
    private static func connector(_ route: Generation.Route, _ wiring: Wiring) -> UpstreamConnector {
        guard let upstream = route.upstream else { preconditionFailure("a route with servers has them") }
        return UpstreamConnector(
            upstream.target, upstream.dialing, loop: wiring.loop, names: wiring.names,
            makeWorkspace: wiring.workspace)
    }
}

// MARK: - Requests

extension Reception {
    /// Who answers a request: sessions by the route, plain ones by its files if it has any. Nil when there is no route.
    func find(
        _ head: RequestHead
    ) throws(PathViolation) -> (route: RouteDesk, files: FileSite?, path: RoutedPath)? {
        let path = try RequestPath(head.path)
        return self.generation.table.match(host: head.authority?.host, path: path).map { match in
            let counter = self.counters[match.route]
            return (counter.desk, counter.files, match.path)
        }
    }

    /// The names that a loopback entrance answers to.
    func admits(_ authority: Authority?) -> Bool {
        if HostRule.loopback(names: self.generation.plan.hosts).admits(authority) { return true }
        return authority.map { self.generation.table.names($0.host) } ?? false
    }
}

// MARK: - Life

extension Reception {
    /// Sessions of this worker that have not ended.
    var openSessions: Int { (self.counters + self.retired).reduce(0) { $0 + $1.log.openSessions } }

    /// Nobody is let in any more.
    func drain() { for counter in self.counters + self.retired { counter.desk.drain() } }

    /// Serves by another generation from now on. Gives the routes whose name it does not know, with those of earlier
    /// generations that are still in use.
    func adopt(_ generation: Generation) -> [(route: RouteDesk, settings: SessionSettings)] {
        let names = Set(generation.routes.map(\.plan.name))
        let removed = self.counters.filter { !names.contains($0.name) }.map(\.name)
        self.retired += self.counters
        self.counters = generation.routes.map { Self.open($0, self.wiring) }
        self.generation = generation
        self.forgetUnused()
        return self.retired.filter { removed.contains($0.name) }.map { ($0.desk, $0.settings) }
    }

    private func forgetUnused() {
        var used: [Counter] = []
        while var counter = self.retired.popLast() {
            if counter.isInUse() {
                used.append(counter)
            } else {
                let tally = SessionCensus().tally(of: counter.settings)
                self.past[counter.name, default: RouteTally(route: counter.name)].add(tally)
            }
        }
        self.retired = used
    }
}

// MARK: - Numbers

extension Reception {
    /// What the routes have counted, those among them that are gone and have sessions left. Of each name one, with what
    /// came before a reload.
    func tallies(_ census: SessionCensus) -> [RouteTally] {
        var tallies: [RouteTally] = []
        for counter in self.retired + self.counters {
            let tally = census.tally(of: counter.settings)
            if let index = tallies.firstIndex(where: { $0.route == counter.name }) {
                tallies[index].add(tally)
            } else {
                var sum = self.past[counter.name] ?? RouteTally(route: counter.name)
                sum.add(tally)
                tallies.append(sum)
            }
        }
        for route in self.generation.routes {
            guard let index = tallies.firstIndex(where: { $0.route == route.plan.name }) else { continue }
            tallies[index].sessionsMax = route.plan.limits.connectionsMax.value
        }
        return tallies
    }
}
