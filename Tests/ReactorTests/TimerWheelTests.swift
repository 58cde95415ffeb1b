import IOCore
import SimulatedIO
import Testing

@testable import Reactor

private final class Client: TimerClient {
    let number: Int
    init(_ number: Int) { self.number = number }
    func timerFired() {}
}

private let tick = TimerWheel.tickNanoseconds

extension TimerWheel {
    /// The numbers of the clients due at `now`.
    fileprivate mutating func fired(at now: UInt64) -> [Int] {
        var numbers: [Int] = []
        while let client = self.popDue(now: now) as? Client { numbers.append(client.number) }
        return numbers
    }
}

@Suite struct TimerWheelTests {
    /// The wheel beside a plain list, under the same starts, stops and jumps of the clock.
    @Test(arguments: 0..<12) func agreesWithAPlainList(_ run: Int) {
        let seed = run == 0 ? UInt64.random(in: 1...UInt64.max) : UInt64(run)
        var random = SeededGenerator(seed: seed)
        var now = UInt64.random(in: 0...1 << 50, using: &random)
        var wheel = TimerWheel(now: now)
        var running: [(number: Int, id: TimerID, tick: UInt64)] = []
        var started = 0
        for step in 0..<3000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let deadline = Self.deadline(now, &random)
                let id = wheel.start(Client(started), at: deadline)
                running.append((started, id, max(deadline / tick + 1, now / tick + 1)))
                started += 1
            case 5, 6:
                guard let index = running.indices.randomElement(using: &random) else { continue }
                wheel.stop(running.remove(at: index).id)
            default:
                now += Self.jump(&random)
                let due = running.filter { $0.tick <= now / tick }.map(\.number)
                running.removeAll { $0.tick <= now / tick }
                let fired = wheel.fired(at: now)
                if fired.sorted() != due { Issue.record("step \(step), seed \(seed): \(fired) instead of \(due)") }
            }
            if wheel.count != running.count { Issue.record("count at step \(step), seed \(seed)") }
            self.expectNoOversleep(wheel, running.map(\.tick).min(), now: now, seed: seed)
        }
    }

    private func expectNoOversleep(_ wheel: TimerWheel, _ earliest: UInt64?, now: UInt64, seed: UInt64) {
        let sleep = wheel.millisecondsToNext(now: now)
        guard let earliest else {
            #expect(sleep == nil)
            return
        }
        guard let sleep, now + sleep * 1_000_000 < earliest * tick + 1_000_000 else {
            Issue.record("sleeps past the next deadline, seed \(seed)")
            return
        }
    }

    private static func deadline(_ now: UInt64, _ random: inout SeededGenerator) -> UInt64 {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return now - min(now, UInt64.random(in: 0...tick * 100, using: &random))
        case 1, 2: return now + UInt64.random(in: 0...tick * 2, using: &random)
        case 3, 4: return now + UInt64.random(in: 0...tick * 70, using: &random)
        case 5: return now + UInt64.random(in: 0...tick * 5000, using: &random)
        case 6: return now + UInt64.random(in: 0...tick * 300_000, using: &random)
        default: return now + tick << UInt64.random(in: 0...25, using: &random)
        }
    }

    private static func jump(_ random: inout SeededGenerator) -> UInt64 {
        switch Int.random(in: 0..<40, using: &random) {
        case 0..<20: return UInt64.random(in: 0...tick * 2, using: &random)
        case 20..<30: return tick * UInt64.random(in: 0...64, using: &random)
        case 30..<39: return tick * UInt64.random(in: 0...4200, using: &random)
        default: return tick * UInt64.random(in: 0...70_000, using: &random)
        }
    }

    /// Asked every millisecond, a timer fires not before its deadline and at most a tick and that millisecond after.
    @Test(arguments: [0, 1, 3_999_999, 4_000_000, 4_000_001, 255_000_000, 256_000_000, 17_000_000_000])
    func firesAtItsDeadlineOrOneTickLater(_ delay: UInt64) {
        for start: UInt64 in [0, 1, tick - 1, 63 * tick, 4095 * tick + 7] {
            var wheel = TimerWheel(now: start)
            _ = wheel.start(Client(0), at: start + delay)
            var now = start + delay - min(delay, 10_000_000)
            while wheel.fired(at: now).isEmpty { now += 1_000_000 }
            #expect(now >= start + delay && now <= start + delay + tick + 1_000_000, "from \(start)")
        }
    }

    /// Sleeping as long as the wheel says, each timer costs a wake-up a wheel and no more.
    @Test(arguments: [1, 100, 5000, 400_000, 17_000_000, 60_000_000])
    func wakesUpRarely(_ ticks: UInt64) {
        var now = 12_345 * tick + 99
        var wheel = TimerWheel(now: now)
        _ = wheel.start(Client(0), at: now + ticks * tick)
        var wakeUps = 0
        while let sleep = wheel.millisecondsToNext(now: now), wakeUps < 100 {
            now += max(sleep, 1) * 1_000_000
            _ = wheel.fired(at: now)
            wakeUps += 1
        }
        // Beyond the last wheel a timer is put in again once a turn of that wheel.
        #expect(wakeUps <= 5 + Int(ticks >> 24) * 4)
    }

    @Test func aTimerStoppedByAnotherOfItsTickDoesNotFire() {
        var wheel = TimerWheel(now: 0)
        let ids = [wheel.start(Client(0), at: tick), wheel.start(Client(1), at: tick)]
        guard let first = wheel.popDue(now: 3 * tick) as? Client else { return #expect(Bool(false), "one is due") }
        wheel.stop(ids[1 - first.number])
        #expect(wheel.fired(at: 3 * tick).isEmpty)
        #expect(wheel.count == 0)
    }

    @Test func aTimerStartedForThePastFiresNextTickAndNotForEver() {
        var wheel = TimerWheel(now: 1000 * tick)
        _ = wheel.start(Client(0), at: 0)
        #expect(wheel.fired(at: 1000 * tick).isEmpty)
        #expect(wheel.fired(at: 1001 * tick) == [0])
    }

    @Test func ticksFireInOrder() {
        var wheel = TimerWheel(now: 0)
        for number in (0..<200).reversed() { _ = wheel.start(Client(number), at: UInt64(number) * 37 * tick) }
        #expect(wheel.fired(at: 10_000 * tick) == Array(0..<200))
    }

    /// A loop without a timer sleeps as long as nothing happens, and the timer of the first event finds it in the past.
    @Test(.timeLimit(.minutes(1))) func aYearOfSleepIsPassedAtOnce() {
        let year: UInt64 = 365 * 24 * 3600 * 1_000_000_000
        var wheel = TimerWheel(now: 0)
        _ = wheel.start(Client(0), at: 2 * year)
        for number in 1...3 { _ = wheel.start(Client(number), at: year + UInt64(number) * tick) }
        #expect(wheel.fired(at: year).isEmpty)
        #expect(wheel.fired(at: year + 3 * tick) == [1, 2])
        #expect(wheel.fired(at: 2 * year + tick) == [3, 0])
    }

    @Test func aClockThatStandsOrFallsBackFiresNothing() {
        var wheel = TimerWheel(now: 100 * tick)
        _ = wheel.start(Client(0), at: 101 * tick)
        #expect(wheel.fired(at: 100 * tick).isEmpty)
        #expect(wheel.fired(at: 0).isEmpty)
        #expect(wheel.fired(at: 103 * tick) == [0])
    }

    @Test func aDeadlineAtTheEndOfTimeIsKept() {
        var wheel = TimerWheel(now: 5)
        let id = wheel.start(Client(0), at: .max)
        #expect(wheel.fired(at: 100_000 * tick).isEmpty)
        #expect(wheel.count == 1)
        wheel.stop(id)
        #expect(wheel.millisecondsToNext(now: 5) == nil)
    }
}
