package import HTTPConnection
package import IOCore
package import Telemetry
package import WebSocket

/// What all sessions of a route share: one object a worker.
package final class SessionSettings {
    package let routeName: String
    package let messages: MessageLimits
    package let watermarks: Watermarks
    /// nil: no pings.
    let heartbeat: Heartbeat.Timing?
    /// Nanoseconds without any message after which a session ends; nil: never.
    package let idleTimeout: UInt64?
    /// Nanoseconds a session may last; nil: for ever.
    package let lifetimeMax: UInt64?
    /// Nanoseconds the client has to answer our Close, or to go on taking what is before it.
    package let closeTimeout: UInt64
    /// Messages a second; nil: as many as come.
    let messagesPerSecondMax: Double?
    package let log: any SessionLog
    /// What the route has counted on this worker; what open sessions have moved is not in it yet.
    package var tally: RouteTally
    /// Of requests that are no handshakes.
    package let answers = AnswerCount()
    /// The worker they live on.
    package let loop: any EventLoop

    package init(
        routeName: String, frameBytesMax: Int, messageBytesMax: Int, backpressureMax: Int,
        pingInterval: UInt64?, pingTimeout: UInt64, idleTimeout: UInt64?, lifetimeMax: UInt64?,
        closeTimeout: UInt64, messagesPerSecondMax: Double?, log: any SessionLog, loop: any EventLoop
    ) {
        self.routeName = routeName
        self.messages = MessageLimits(frameBytesMax: frameBytesMax, messageBytesMax: messageBytesMax)
        self.watermarks = Watermarks(high: backpressureMax)
        self.heartbeat = pingInterval.map { Heartbeat.Timing(interval: $0, patience: pingTimeout) }
        self.idleTimeout = idleTimeout
        self.lifetimeMax = lifetimeMax
        self.closeTimeout = closeTimeout
        self.messagesPerSecondMax = messagesPerSecondMax
        self.log = log
        self.tally = RouteTally(route: routeName)
        self.loop = loop
    }

    /// The worker's clock. Not inlined: who reads an object two steps away counts a reference to it, which costs more
    /// than the call, and every window asks.
    @inline(never)
    var now: UInt64 { self.loop.now }
}

/// Where a worker's sessions report.
package protocol SessionLog: AnyObject {
    /// Whether records of this level are written at all.
    func isEnabled(_ level: LogLevel) -> Bool
    func write(_ level: LogLevel, _ message: String, _ fields: [LogField])
    func sessionBegan()
    /// A session is over: its place in the limits is free again.
    func sessionEnded(_ identity: SessionIdentity)
}
