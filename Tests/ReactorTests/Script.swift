import IOCore
import Reactor
import Testing

/// Steps that are tried once a tick, each until it says that it is done; then the loop ends.
final class Script: TimerClient {
    private let reactor: Reactor
    private var steps: [() -> Bool]
    private let patience: UInt64

    private init(_ reactor: Reactor, _ steps: [() -> Bool]) {
        self.reactor = reactor
        self.steps = steps
        self.patience = reactor.now + 10_000_000_000
    }

    /// Runs the loop on this thread until the last step is done, ten seconds at most.
    static func run(_ reactor: Reactor, _ steps: (() -> Bool)...) {
        let script = Script(reactor, steps)
        script.timerFired()
        reactor.run()
        #expect(script.steps.isEmpty, "steps that were not done in time")
    }

    /// A step that does something once.
    static func once(_ work: @escaping () -> Void) -> () -> Bool {
        {
            work()
            return true
        }
    }

    func timerFired() {
        while let step = self.steps.first, step() { self.steps.removeFirst() }
        guard !self.steps.isEmpty, self.reactor.now < self.patience else { return self.reactor.stop() }
        _ = self.reactor.startTimer(self, at: self.reactor.now)
    }
}

/// Holds still for some ticks and tells whether the loop slept in between: a spinning one never waits for anything.
final class Pause {
    private let ticks: Int
    private var ticksLeft: Int
    private var sleepsBefore = 0
    private var sleeps = 0

    init(ticks: Int = 25) {
        self.ticks = ticks
        self.ticksLeft = ticks
    }

    /// A sleep a tick is the rule; a busy machine may swallow some.
    var hasSlept: Bool { self.sleeps >= self.ticks / 2 }

    func step() -> Bool {
        if self.ticksLeft == self.ticks { self.sleepsBefore = sleepsOfThisThread }
        guard self.ticksLeft == 0 else {
            self.ticksLeft -= 1
            return false
        }
        self.sleeps = sleepsOfThisThread - self.sleepsBefore
        return true
    }
}
