internal import Configuration
internal import Routing
internal import SystemCalls
internal import Telemetry

/// What is served and where: one line a route and address, with a URL that can be clicked.
struct Announcement {
    private let routes: [RoutePlan]
    private let entrances: [Entrance]

    init(_ plan: Plan, _ entrances: [Entrance]) {
        self.routes = plan.routes
        self.entrances = entrances
    }

    func write(to log: Log) {
        // First what serves: whoever looks for an address in the log finds one that is of use.
        for entrance in self.entrances where entrance.redirect == nil {
            for route in self.routes {
                log.writeAlways(.info, "serving \(route.what)", self.fields(entrance, route))
            }
            guard !entrance.isLoopback, entrance.address.port != nil else { continue }
            for route in self.routes where route.origin == .any {
                log.write(
                    .warning, "open to the network without an origin rule; --origin limits it",
                    self.fields(entrance, route))
            }
        }
        for entrance in self.entrances {
            guard let redirect = entrance.redirect else { continue }
            log.writeAlways(
                .info, "redirecting to https",
                [
                    LogField("url", .string(entrance.url(path: "/"))),
                    LogField("port", .integer(Int64(redirect.port))),
                ])
        }
    }

    private func fields(_ entrance: Entrance, _ route: RoutePlan) -> [LogField] {
        [
            LogField("url", .string(entrance.url(of: route))), LogField("route", .string(route.name)),
        ]
    }
}

extension RoutePlan {
    fileprivate var what: String {
        let files = self.files.map { "files of \($0.folder)" }
        let handler: String? =
            switch self.handler {
            case .echo: "echo"
            case .command(let command): command.words.joined(separator: " ")
            case .upstream(let upstream): upstream.summary
            case .filesOnly: nil
            }
        return [files, handler].compactMap { $0 }.joined(separator: " and ")
    }
}

extension Entrance {
    /// A wildcard is no name that somebody could open, and a capture is to be filled in.
    fileprivate func url(of route: RoutePlan) -> String {
        let text = route.match.path.text
        let path = text.hasSuffix("/*") ? String(text.dropLast()) : text
        switch route.match.hosts.first {
        case .exact?: return self.url(host: route.match.hosts.first?.description, path: path)
        case .any?, .below?, nil: return self.url(path: path)
        }
    }
}
