internal import IOCore

/// Bounds the handshakes of a turn: one costs as much as a hundred messages, and sessions must not wait for a storm of
/// them.
package final class HandshakeQueue {
    /// Steps of handshakes in one turn: a millisecond or so with signatures in P-256, ten with RSA.
    package static let stepsPerTurnMax = 8

    private let loop: any EventLoop
    /// The turn that `stepsLeft` is for.
    private var turn: UInt64 = 0
    private var stepsLeft = 0
    private var waiting: [TLSStream] = []
    /// How many of `waiting` have had their turn.
    private var served = 0

    init(_ loop: any EventLoop) { self.loop = loop }

    /// Whether `stream` may go on at once. If not its `proceed` is called in a later turn.
    func admits(_ stream: TLSStream) -> Bool {
        self.noticeTurn()
        guard self.waiting.isEmpty, self.stepsLeft > 0 else {
            if self.waiting.isEmpty { self.schedule() }
            self.waiting.append(stream)
            return false
        }
        self.stepsLeft -= 1
        return true
    }

    private func noticeTurn() {
        guard self.turn != self.loop.now else { return }
        self.turn = self.loop.now
        self.stepsLeft = Self.stepsPerTurnMax
    }

    private func schedule() {
        self.loop.atNextTurn { self.serve() }
    }

    private func serve() {
        self.noticeTurn()
        while self.stepsLeft > 0, self.served < self.waiting.count {
            let stream = self.waiting[self.served]
            self.served += 1
            self.stepsLeft -= 1
            stream.proceed()
        }
        if self.served == self.waiting.count {
            self.waiting = []
            self.served = 0
        } else {
            if self.served > 1024 {
                self.waiting.removeFirst(self.served)
                self.served = 0
            }
            self.schedule()
        }
    }
}
