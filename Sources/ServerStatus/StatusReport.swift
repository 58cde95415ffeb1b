/// What a running server does, as its metrics tell it.
package struct StatusReport: Equatable, Sendable {
    /// Something that was counted by kind: a close code, a status, the way a program ended.
    struct Counted: Equatable {
        let kind: String
        let count: UInt64
    }

    struct Route: Equatable {
        let name: String
        let sessionsOpen: UInt64
        /// nil: unlimited.
        let sessionsLimit: UInt64?
        let sessionsStarted: UInt64
        let sessionsEnded: [Counted]
        let handshakesRefused: [Counted]
        let requestsAnswered: [Counted]
        let messagesReceived: UInt64
        let messagesSent: UInt64
        let bytesReceived: UInt64
        let bytesSent: UInt64
        let childrenRunning: UInt64
        let childStartFailures: UInt64
        let childrenEnded: [Counted]
        let upstreamConnections: UInt64
        let upstreamFailures: [Counted]
    }

    struct Worker: Equatable {
        let number: String
        /// Else the other numbers are the last that it gave.
        let isUp: Bool
        let connections: UInt64
        let cpuSeconds: Double
        let poolBytesUsed: UInt64
        let poolBytesLimit: UInt64
    }

    let version: String
    let isReady: Bool
    /// Seconds since 1970-01-01 00:00 UTC.
    let startedAt: Double
    let cpuSeconds: Double
    let residentBytes: UInt64
    let descriptorsOpen: UInt64
    let descriptorsMax: UInt64
    let logLinesDropped: UInt64
    let requestsRefused: [Counted]
    let routes: [Route]
    let workers: [Worker]
}
