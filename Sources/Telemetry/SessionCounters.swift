/// What one session has moved so far, for the log line at its end and for the metrics while it runs.
package struct SessionCounters: Hashable, Sendable {
    package private(set) var messagesReceived: UInt64 = 0
    package private(set) var bytesReceived: UInt64 = 0
    package private(set) var messagesSent: UInt64 = 0
    package private(set) var bytesSent: UInt64 = 0

    package init() {}

    /// Counts messages from the client with this many bytes of payload together.
    package mutating func received(messages: Int = 1, payloadBytes: Int) {
        self.messagesReceived &+= UInt64(truncatingIfNeeded: messages)
        self.bytesReceived &+= UInt64(truncatingIfNeeded: payloadBytes)
    }

    /// Counts messages to the client with this many bytes of payload together.
    package mutating func sent(messages: Int = 1, payloadBytes: Int) {
        self.messagesSent &+= UInt64(truncatingIfNeeded: messages)
        self.bytesSent &+= UInt64(truncatingIfNeeded: payloadBytes)
    }

    /// What another session has moved too.
    package mutating func add(_ other: SessionCounters) {
        self.messagesReceived &+= other.messagesReceived
        self.bytesReceived &+= other.bytesReceived
        self.messagesSent &+= other.messagesSent
        self.bytesSent &+= other.bytesSent
    }

    package var logFields: [LogField] {
        [
            LogField("messages_received", .integer(Int64(clamping: self.messagesReceived))),
            LogField("bytes_received", .integer(Int64(clamping: self.bytesReceived))),
            LogField("messages_sent", .integer(Int64(clamping: self.messagesSent))),
            LogField("bytes_sent", .integer(Int64(clamping: self.bytesSent))),
        ]
    }
}
