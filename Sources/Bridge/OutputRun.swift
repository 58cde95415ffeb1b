/// Bytes of the window that are ready for the peer, and the messages they are.
struct OutputRun {
    let start: Int
    private(set) var end: Int
    private(set) var messages = 0
    private(set) var payloadCount = 0

    @inline(__always)
    init(at offset: Int) {
        self.start = offset
        self.end = offset
    }

    /// An empty message without prefix and suffix counts too.
    @inline(__always)
    var isEmpty: Bool { self.messages == 0 && self.start == self.end }

    @inline(__always)
    mutating func extend(to end: Int, payloadCount: Int, messages: Int = 1) {
        self.end = end
        self.messages &+= messages
        self.payloadCount &+= payloadCount
    }
}
