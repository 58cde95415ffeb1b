internal import WebSocket

/// What the client's direction remembers from one window to the next.
///
/// An object that a session has only while there is something to remember: thousands of idle ones have none.
final class InboundMemory {
    var reader = FrameReader()
    var collecting: MessageAssembly?
    /// True exactly while a large message passes part by part.
    var isPassing = false
    /// nil: the route bounds no rate of messages.
    private var allowance: MessageAllowance?

    init(allowance: MessageAllowance? = nil) { self.allowance = allowance }

    /// Whether no message is under way, nor a header, and there is no rate to keep to.
    var isEmpty: Bool { self.reader.isAtRest && self.allowance == nil }

    /// Whether this many messages may come now.
    func admit(messages: Int, now: UInt64) -> Bool {
        self.allowance?.admit(messages: messages, now: now) ?? true
    }
}

/// A token bucket: one second's worth of messages may come at once. Times are in nanoseconds.
struct MessageAllowance {
    private let perSecond: Double
    private var messages: Double
    private var filledAt: UInt64

    init(perSecond: Double, now: UInt64) {
        self.perSecond = perSecond
        self.messages = max(perSecond, 1)
        self.filledAt = now
    }

    mutating func admit(messages: Int, now: UInt64) -> Bool {
        let earned = Double(now &- self.filledAt) * self.perSecond / 1e9
        self.messages = min(max(self.perSecond, 1), self.messages + earned)
        self.filledAt = now
        guard self.messages >= Double(messages) else { return false }
        self.messages -= Double(messages)
        return true
    }
}
