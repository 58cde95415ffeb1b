internal import WebSocket

/// What the client's direction remembers from one window to the next.
///
/// An object that a session has only while there is something to remember: thousands of idle ones have none.
final class InboundMemory {
    private(set) var reader = FrameReader()
    private(set) var collecting: MessageAssembly?
    private(set) var isPassing = false
    /// nil: the route bounds no rate of messages.
    private var allowance: MessageAllowance?

    /// A message, or a header, is cut by the end of the window.
    func keep(_ reader: FrameReader, _ collecting: MessageAssembly?, isPassing: Bool) {
        self.reader = reader
        self.collecting = collecting
        self.isPassing = isPassing
    }

    /// No message is under way. False when nothing else is remembered either.
    func rest() -> Bool {
        self.keep(FrameReader(), nil, isPassing: false)
        return self.allowance != nil
    }

    /// Whether this many messages may come now, in nanoseconds.
    func admit(messages: Int, now: UInt64, perSecond: Double) -> Bool {
        var allowance = self.allowance ?? MessageAllowance(now: now, perSecond: perSecond)
        defer { self.allowance = allowance }
        return allowance.admit(messages: messages, now: now, perSecond: perSecond)
    }
}

/// A token bucket: one second's worth of messages may come at once.
struct MessageAllowance {
    private var messages: Double
    /// When it was last filled up, in nanoseconds.
    private var filledAt: UInt64

    init(now: UInt64, perSecond: Double) {
        self.messages = max(perSecond, 1)
        self.filledAt = now
    }

    mutating func admit(messages: Int, now: UInt64, perSecond: Double) -> Bool {
        let earned = Double(now &- self.filledAt) * perSecond / 1e9
        self.messages = min(max(perSecond, 1), self.messages + earned)
        self.filledAt = now
        guard self.messages >= Double(messages) else { return false }
        self.messages -= Double(messages)
        return true
    }
}
