internal import Configuration
internal import Dialing
internal import IOCore
internal import Reactor
internal import Telemetry
internal import Transport
internal import Upstreams

/// What is done for the servers behind routes besides sessions: they are checked, and token maps are read again when
/// they change. It belongs to the control loop.
final class UpstreamKeeper {
    private let loop: any EventLoop
    private let log: Log
    private let names: WorkerResolver
    private var checks: [HealthChecks] = []
    private var maps: [TokenKeeper] = []
    /// What all checks over TLS share.
    private lazy var workspace = TLSWorkspace(self.loop, plainAnswer: [])

    init(_ loop: any EventLoop, _ shared: Shared) {
        self.loop = loop
        self.log = shared.log
        let reports = shared.reports
        self.names = WorkerResolver(shared.resolver) { reports.post(.nameResolved($0)) }
    }

    /// The answer to a question of a check.
    func deliver(_ delivery: NameDelivery) { self.names.deliver(delivery) }

    /// Looks after these from now on, and after no others.
    func adopt(_ generation: Generation) {
        self.stop()
        for route in generation.routes {
            guard let upstream = route.upstream else { continue }
            if let reading = upstream.tokens {
                self.maps.append(self.keeper(of: reading, routeName: route.plan.name))
            }
            if case .group(let group) = upstream.target,
                let checks = HealthChecks(
                    group, upstream.dialing, loop: self.loop, names: self.names, makeWorkspace: { self.workspace })
            {
                self.checks.append(checks)
            }
        }
        for map in self.maps { map.start() }
        for checks in self.checks { checks.start() }
    }

    /// Reads the token maps again, changed or not: false when there are none.
    func reload() -> Bool {
        for map in self.maps { map.reload() }
        return !self.maps.isEmpty
    }

    func stop() {
        for map in self.maps { map.stop() }
        for checks in self.checks { checks.stop() }
        self.maps = []
        self.checks = []
    }

    private func keeper(of reading: TokenReading, routeName: String) -> TokenKeeper {
        TokenKeeper(reading, loop: self.loop) { [log] event in
            let route = LogField("route", .string(routeName))
            switch event {
            case .reloaded(let count):
                log.write(.info, "token map read again", [route, LogField("tokens", .integer(Int64(count)))])
            case .refused(let diagnostics):
                let reason = diagnostics.map(\.description).joined(separator: "; ")
                log.write(.error, "token map not read; the old one stays", [route, LogField("reason", .string(reason))])
            }
        }
    }
}
