internal import SystemCalls
internal import WebSocket
internal import WebSocketClient

// What is sent when.
extension LoadRun {
    /// Messages under way on a connection in an open loop: with so many a server is stuck, and memory has an end.
    private static let underWayMax = 100_000
    /// Bytes that wait for a server that does not read: messages are late then.
    private static let unsentBytesMax = 1 << 20

    /// In an open loop: everything that is due.
    func sendDue(now: UInt64) {
        guard case .openLoop = self.settings.pace else { return }
        while self.schedule?.peek(now: now) != nil, let number = self.nextWithRoom() { self.sendNext(on: number) }
    }

    /// The next connection in turn that takes a message; nil: none does.
    private func nextWithRoom() -> Int? {
        for _ in self.connections.indices {
            self.turn = (self.turn + 1) % self.connections.count
            guard let entry = self.connections[self.turn] else { continue }
            let isFull = entry.underWay >= Self.underWayMax || entry.connection.unsentCount >= Self.unsentBytesMax
            if !isFull { return self.turn }
        }
        return nil
    }

    /// One message, if one may be sent.
    func sendNext(on number: Int) {
        guard let entry = self.connections[number], entry.connection.phase == .open,
            let time = self.schedule?.take(now: Clock.monotonic)
        else { return }
        do throws(ClientFailure) {
            entry.noteSent(from: time)
            self.underWay += 1
            self.report.sent += 1
            try entry.connection.send(self.settings.isBinary ? .binary : .text, self.payload)
            self.update(entry, number)
        } catch {
            self.lose(number, error.kind)
        }
    }
}
