internal import Buffers
internal import WebSocket

/// Puts messages as server frames one after the other into a worker's scratch window, so that all of them leave
/// with one write.
struct FrameBuilder {
    private(set) var end = 0
    private(set) var messages = 0
    private(set) var payloadCount = 0

    /// Whether the next message of this size still fits into `window`.
    func fits(_ payloadCount: Int, in window: borrowing MutableSpan<UInt8>) -> Bool {
        payloadCount <= window.count - ServerFrame.headerBytesMax - self.end
    }

    /// Appends a message; it must fit.
    mutating func append(_ type: MessageType, _ payload: Span<UInt8>, to window: inout MutableSpan<UInt8>) {
        ServerFrame.write(type, payloadCount: payload.count, into: &window, at: self.end)
        let start = self.end &+ ServerFrame.headerCount(payloadCount: payload.count)
        ByteCopy.copy(payload, into: &window, at: start)
        self.end = start &+ payload.count
        self.messages &+= 1
        self.payloadCount &+= payload.count
    }
}
