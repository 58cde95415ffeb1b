import LoadGenerator
import Testing

@Suite struct SendScheduleTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func aClosedLoopSendsUntilTheEnd() {
        var schedule = SendSchedule(.closedLoop(pipeline: 1), start: 100, duration: 50, messagesMax: nil)
        #expect(schedule.take(now: 100) == 100 && schedule.take(now: 149) == 149 && schedule.nextAt == nil)
        #expect(!schedule.isOver(now: 149) && schedule.isOver(now: 150))
        #expect(schedule.take(now: 150) == nil)
    }

    @Test func soManyMessagesAndNoMore() {
        var schedule = SendSchedule(.closedLoop(pipeline: 1), start: 0, duration: 50, messagesMax: 2)
        #expect(schedule.take(now: 1) == 1 && !schedule.isOver(now: 1) && schedule.take(now: 1) == 1)
        #expect(schedule.isOver(now: 1) && schedule.take(now: 1) == nil)
    }

    @Test func anOpenLoopSendsWhenItIsTime() {
        var schedule = SendSchedule(.openLoop(perSecond: 1000), start: 0, duration: Self.second, messagesMax: nil)
        #expect(schedule.take(now: 0) == 0)
        #expect(schedule.take(now: 999_999) == nil && schedule.nextAt == 1_000_000)
        #expect(schedule.take(now: 1_000_000) == 1_000_000)
    }

    /// The server stalls for half a second: what goes out late counts from when it was due.
    @Test func latenessCounts() {
        var schedule = SendSchedule(.openLoop(perSecond: 1000), start: 0, duration: Self.second, messagesMax: nil)
        var times: [UInt64] = []
        while let time = schedule.take(now: Self.second / 2) { times.append(time) }
        #expect(times == (0...500).map { $0 * 1_000_000 })
    }

    /// What was due before the end is sent behind it.
    @Test func nothingIsLeftOut() {
        var schedule = SendSchedule(.openLoop(perSecond: 10), start: 0, duration: Self.second, messagesMax: nil)
        var count = 0
        #expect(!schedule.isOver(now: 2 * Self.second))
        while schedule.take(now: 2 * Self.second) != nil { count += 1 }
        #expect(count == 10 && schedule.isOver(now: 2 * Self.second) && schedule.nextAt == nil)
    }
}
