internal import Telemetry

/// Messages and payload bytes of one session, each way.
struct TrafficCounters: Equatable {
    private(set) var messagesReceived: UInt64 = 0
    private(set) var bytesReceived: UInt64 = 0
    private(set) var messagesSent: UInt64 = 0
    private(set) var bytesSent: UInt64 = 0

    @inline(__always)
    mutating func received(_ payloadCount: Int) {
        self.messagesReceived &+= 1
        self.bytesReceived &+= UInt64(truncatingIfNeeded: payloadCount)
    }

    @inline(__always)
    mutating func sent(messages: Int, _ payloadCount: Int) {
        self.messagesSent &+= UInt64(truncatingIfNeeded: messages)
        self.bytesSent &+= UInt64(truncatingIfNeeded: payloadCount)
    }

    var logFields: [LogField] {
        [
            LogField("messages_in", .integer(Int64(clamping: self.messagesReceived))),
            LogField("bytes_in", .integer(Int64(clamping: self.bytesReceived))),
            LogField("messages_out", .integer(Int64(clamping: self.messagesSent))),
            LogField("bytes_out", .integer(Int64(clamping: self.bytesSent))),
        ]
    }
}
