/// What the server does, checked and complete: whoever holds one need not ask again.
package struct Plan: Sendable {
    package var listeners: [ListenerPlan]
    /// Nil: as many as there are cores to use.
    package var workers: Int?
    /// Names acceptable as Host on a loopback listener, besides those of this machine and of the routes.
    package var hosts: [String]
    package var connections: ConnectionPlan
    package var routes: [RoutePlan]
    package var log: LogPlan
    /// How long a stopping server waits for its sessions before it ends them.
    package var drainTimeout: TimeSpan
    /// How long sessions of a route go on that a reload removed.
    package var removedRouteTimeout: Limit<TimeSpan>
    /// Where metrics, health and readiness are told; nil: nowhere.
    package var metricsListener: ListenerPlan? = nil

    /// 10 s: systemd and Kubernetes kill after 90 and 30, and a reload should not feel broken.
    package static let drainTimeoutStandard = TimeSpan.seconds(10)
    /// For ever: a reload disturbs nobody who does not ask for it.
    package static let removedRouteTimeoutStandard = Limit<TimeSpan>.unlimited
}

/// What holds for a connection before it has a route.
package struct ConnectionPlan: Sendable, Equatable {
    /// From accepting to a complete request.
    package var handshakeTimeout: TimeSpan
    /// How long a client has to end its side after the last answer.
    package var lingerTimeout: TimeSpan

    /// 10 s for TLS and header together: slow links need three, slow attackers want for ever.
    package static let standard = ConnectionPlan(
        handshakeTimeout: .seconds(10), lingerTimeout: SessionLimits.standard.closeTimeout)
}

/// What is logged and how.
package struct LogPlan: Sendable, Equatable {
    package var level: LogLevel
    package var format: LogFormat

    package static let standard = LogPlan(level: .info, format: .auto)
}
