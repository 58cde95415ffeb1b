internal import SystemCalls
internal import WebSocketClient

/// One connection of a run, with the times from which the latencies of its messages under way count.
final class LoadConnection {
    let connection: WebSocketConnection
    let startedAt: UInt64
    /// What the epoll set waits for.
    var registered: Readiness
    private var times: [UInt64] = []
    private var head = 0

    init(_ connection: WebSocketConnection, startedAt: UInt64) {
        self.connection = connection
        self.startedAt = startedAt
        self.registered = connection.interest
    }

    var underWay: Int { self.times.count - self.head }

    func noteSent(from time: UInt64) { self.times.append(time) }

    /// An answer: answers come in the order of messages. Nil: nobody asked.
    func noteAnswer() -> UInt64? {
        guard self.head < self.times.count else { return nil }
        defer {
            self.head += 1
            if self.head > 4096, self.head > self.times.count / 2 {
                self.times.removeFirst(self.head)
                self.head = 0
            }
        }
        return self.times[self.head]
    }
}
