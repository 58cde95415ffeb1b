internal import IOCore
internal import Reactor

/// A timer that calls a function, and may be called off.
final class Alarm: TimerClient {
    private let ring: () -> Void
    private var timer: TimerID?

    init(_ ring: @escaping () -> Void) { self.ring = ring }

    func start(_ reactor: Reactor, at deadline: UInt64) { self.timer = reactor.startTimer(self, at: deadline) }

    func cancel(_ reactor: Reactor) {
        if let timer = self.timer { reactor.stopTimer(timer) }
        self.timer = nil
    }

    func timerFired() {
        self.timer = nil
        self.ring()
    }
}

extension Reactor {
    /// An alarm that nobody calls off.
    func startAlarm(at deadline: UInt64, _ ring: @escaping () -> Void) { Alarm(ring).start(self, at: deadline) }
}
