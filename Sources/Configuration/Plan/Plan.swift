/// What the server does, checked and complete: whoever holds one need not ask again.
package struct Plan: Sendable {
    package var listeners: [ListenAddress]
    /// Nil: as many as there are cores to use.
    package var workers: Int?
    package var routes: [RoutePlan]
    package var log: LogPlan
    package var console: ConsoleMode
    /// How long a stopping server waits for its sessions before it ends them.
    package var drainTimeout: TimeSpan
    package var transport = TransportPlan()
    /// Where metrics, health and readiness are told; nil: nowhere.
    package var metricsListener: ListenAddress? = nil

    /// 10 s: systemd and Kubernetes kill after 90 and 30, and a reload should not feel broken.
    package static let drainTimeoutStandard = TimeSpan.seconds(10)
}

/// What is logged and how.
package struct LogPlan: Sendable, Equatable {
    package var level: LogLevel
    package var format: LogFormat

    package static let standard = LogPlan(level: .info, format: .auto)
}
