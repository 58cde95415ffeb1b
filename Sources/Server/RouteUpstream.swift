internal import Configuration
internal import Dialing
internal import ProxyProtocol
internal import SystemCalls
internal import TLSEngine
internal import Telemetry
internal import Upstreams

/// The servers behind a route, for all workers: which there are, how they fare, how they are connected to.
struct RouteUpstream: Sendable {
    let target: UpstreamConnector.Target
    private(set) var dialing: DialSettings
    /// Nil: clients do not choose.
    private(set) var tokens: TokenReading?

    /// `before`: the same route in the generation before, whose sessions count for the same servers.
    init(
        _ plan: UpstreamPlan, routeName: String, after before: RouteUpstream?, log: Log
    ) throws(ServerFailure) {
        switch plan.servers {
        case .listed(let servers):
            let settings = UpstreamGroup.Settings(plan, servers)
            if case .group(let group)? = before?.target, group.settings == settings {
                self.target = .group(group)
            } else {
                self.target = .group(UpstreamGroup(settings) { event in log.write(event, routeName: routeName) })
            }
        case .map(let path):
            let reading = try Self.tokens(path)
            self.target = .tokens(reading.store)
            self.tokens = reading
        }
        self.dialing = try DialSettings(plan)
    }

    /// Lets connections wait for the next request.
    mutating func keepStreams(_ plan: ProxyPlan) {
        self.dialing.idleStreamsMax = plan.idleStreamsMax
        self.dialing.idleStreamTimeout = plan.idleStreamTimeout.nanoseconds
    }

    private static func tokens(_ path: String) throws(ServerFailure) -> TokenReading {
        do throws(TokenKeeper.Failure) {
            return try TokenReading(path)
        } catch {
            throw .tokenMap(error.diagnostics.map(\.description))
        }
    }
}

extension UpstreamGroup.Settings {
    fileprivate init(_ plan: UpstreamPlan, _ servers: [UpstreamAddress]) {
        self.init(servers: servers)
        self.balance = plan.balance
        self.ejection.failuresMax = plan.ejection.failuresMax
        self.ejection.spanFirst = plan.ejection.spanFirst.nanoseconds
        self.ejection.spanMax = plan.ejection.spanMax.nanoseconds
        self.connectionsMax = plan.connectionsMax.value
        self.check = plan.checkInterval.value.map { interval in
            var check = CheckSettings()
            check.interval = interval.nanoseconds
            check.timeout = plan.checkTimeout.nanoseconds
            check.rise = plan.checkRise
            check.fall = plan.checkFall
            check.http = plan.httpCheck.map { http in
                HTTPCheck(
                    target: http.target, host: http.host, agent: "wsbridge/\(Product.version)",
                    statuses: http.statuses)
            }
            return check
        }
    }
}

extension DialSettings {
    fileprivate init(_ plan: UpstreamPlan) throws(ServerFailure) {
        self.init()
        self.timeout = plan.connectTimeout.nanoseconds
        self.options.keepAlive = plan.keepalive.value.map { silence in
            var keepAlive = KeepAlive()
            keepAlive.idleSeconds = Int(clamping: silence.nanoseconds / 1_000_000_000)
            return keepAlive
        }
        switch plan.proxyHeader {
        case .off: self.proxyHeader = .none
        case .v1: self.proxyHeader = .version1
        case .v2: self.proxyHeader = .version2
        }
        guard let tls = plan.tls else { return }
        do throws(TLSDiagnostic) {
            self.tls = TLS(context: try ClientContext(tls), serverName: tls.name)
        } catch {
            throw .tls([error.description])
        }
    }
}

extension Log {
    /// A change of a route's servers, once for all workers.
    fileprivate func write(_ event: UpstreamEvent, routeName: String) {
        let (level, message, server, more): (Telemetry.LogLevel, String, String, [LogField]) =
            switch event {
            case .ejected(let server, let span, let reason):
                (
                    .warning, "upstream left out", server,
                    [
                        LogField("for_ms", .integer(Int64(clamping: span / 1_000_000))),
                        LogField("reason", .string(reason)),
                    ]
                )
            case .returned(let server): (.info, "upstream is back", server, [])
            case .down(let server, let reason):
                (.warning, "upstream is down", server, [LogField("reason", .string(reason))])
            case .up(let server): (.info, "upstream is up", server, [])
            }
        self.write(
            level, message,
            [LogField("route", .string(routeName)), LogField("upstream", .string(server))] + more)
    }
}
