internal import Configuration
internal import SystemCalls
internal import Telemetry

/// What is served and where: one line a route and address, with a URL that can be clicked.
struct Announcement {
    private let plan: Plan
    private let route: RoutePlan
    private let entrances: [Entrance]

    init(_ plan: Plan, _ route: RoutePlan, _ entrances: [Entrance]) {
        self.plan = plan
        self.route = route
        self.entrances = entrances
    }

    func write(to log: Log) {
        let scheme = self.plan.transport.tls == nil ? "http" : "https"
        for entrance in self.entrances {
            let url = entrance.url(scheme: scheme)
            log.writeAlways(
                .info, "serving \(self.what)",
                [LogField("url", .string(url)), LogField("route", .string(self.route.name))])
            if !entrance.isLoopback, entrance.address.port != nil, self.route.origin == .any {
                log.write(
                    .warning, "open to the network without an origin rule; --origin limits it",
                    [LogField("url", .string(url))])
            }
        }
    }

    private var what: String {
        switch self.route.handler {
        case .echo: "echo"
        case .command(let command): command.words.joined(separator: " ")
        }
    }
}

extension Entrance {
    func url(scheme: String) -> String { self.address.url(scheme: scheme) }
}

extension SocketAddress {
    /// The address as a browser takes it; a unix path as it is.
    func url(scheme: String) -> String {
        guard let port = self.port else { return self.description }
        let host = self.host
        switch host {
        case "0.0.0.0", "::": return "\(scheme)://localhost:\(port)/"
        case _: return host.contains(":") ? "\(scheme)://[\(host)]:\(port)/" : "\(scheme)://\(host):\(port)/"
        }
    }
}
