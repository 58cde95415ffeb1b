internal import IOCore
internal import Upstreams

/// Connections of one route on one worker that wait for the next request, by server; the freshest is taken first, so
/// that those beyond the need run out.
///
/// A server may close an idle connection at any time: that is heard here, and whoever takes one a moment too early
/// tries again elsewhere.
final class IdleStreams {
    /// Connections that wait at a time: beyond it they are closed.
    private let countMax: Int
    /// Nanoseconds a connection waits.
    private let patience: UInt64
    private let loop: any EventLoop
    /// By the server's place among its group's; of each the freshest last.
    private var waiting: [[ServerConnection]] = []
    private var count = 0
    /// For the one that has waited longest, or one that was taken since.
    private var timer: TimerID?
    private var isClosed = false

    init(countMax: Int, patience: UInt64, loop: any EventLoop) {
        self.countMax = countMax
        self.patience = patience
        self.loop = loop
    }

    /// Closes what waits, and whatever is given from now on: the server goes away, or the route.
    func close() {
        self.isClosed = true
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
        let waiting = self.waiting
        self.waiting = []
        self.count = 0
        for connections in waiting {
            for connection in connections { connection.closeUnused() }
        }
    }

    /// Takes over a connection on which nothing is under way.
    func park(_ connection: ServerConnection, at server: Int) {
        guard !self.isClosed, self.count < self.countMax, connection.stream.unsentCount == 0 else {
            return connection.closeUnused()
        }
        while self.waiting.count <= server { self.waiting.append([]) }
        self.waiting[server].append(connection)
        self.count += 1
        connection.wait(until: self.loop.now &+ self.patience)
        if self.timer == nil { self.timer = self.loop.startTimer(self, at: connection.waitsUntil) }
    }

    /// A connection to the server that was picked, whose stream gets its delegate at once.
    func take(_ pick: ServerPool.Pick) -> ServerConnection? {
        guard pick.index < self.waiting.count, let connection = self.waiting[pick.index].popLast() else { return nil }
        self.count -= 1
        connection.lend(for: pick)
        return connection
    }

    /// It broke.
    func forget(_ connection: ServerConnection, at server: Int) {
        guard server < self.waiting.count,
            let index = self.waiting[server].firstIndex(where: { $0 === connection })
        else { return }
        self.waiting[server].remove(at: index)
        self.count -= 1
    }
}

extension IdleStreams: TimerClient {
    /// Those whose time has come are the first of each server's.
    func timerFired() {
        self.timer = nil
        var next: UInt64?
        for server in self.waiting.indices {
            while let oldest = self.waiting[server].first {
                guard oldest.waitsUntil <= self.loop.now else {
                    next = min(next ?? .max, oldest.waitsUntil)
                    break
                }
                self.waiting[server].removeFirst()
                self.count -= 1
                oldest.closeUnused()
            }
        }
        if let next { self.timer = self.loop.startTimer(self, at: next) }
    }
}
