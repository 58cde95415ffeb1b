package import Configuration
package import WebSocketClient

/// What `wsbridge bench` was asked for, in the words of this module. Times are nanoseconds.
package struct LoadSettings: Sendable {
    package enum Pace: Equatable, Sendable {
        /// Each connection keeps so many messages under way, and sends the next one when an answer comes.
        case closedLoop(pipeline: Int)
        /// So many messages a second over all connections, whether answers come or not.
        case openLoop(perSecond: Double)
    }

    package var url: WebSocketURL
    package var wishes = ClientHandshake.Wishes()
    package var trust = Trust.system
    package var connections: Int
    package var pace: Pace
    package var payloadBytes: Int
    package var isBinary = false
    /// For how long messages are sent.
    package var duration: UInt64
    /// How many are sent at most; nil: as many as fit in the time.
    package var messagesMax: UInt64?
    /// Until all connections are open.
    package var connectTimeout: UInt64

    package init(
        url: WebSocketURL, connections: Int, pace: Pace, payloadBytes: Int, duration: UInt64, connectTimeout: UInt64
    ) {
        self.url = url
        self.connections = connections
        self.pace = pace
        self.payloadBytes = payloadBytes
        self.duration = duration
        self.connectTimeout = connectTimeout
    }
}
