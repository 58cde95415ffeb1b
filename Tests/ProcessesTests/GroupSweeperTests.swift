import Processes
import SystemCalls
import Testing

@Suite struct GroupSweeperTests {
    let mark = DescentMark(rawValue: 1)
    let child: ProcessID
    let inGroup: Orphan
    let escaped: Orphan

    init() throws {
        self.child = try #require(ProcessID(rawValue: 100))
        self.inGroup = Orphan(pid: try #require(ProcessID(rawValue: 101)), mark: self.mark, isInGroup: true)
        self.escaped = Orphan(pid: try #require(ProcessID(rawValue: 102)), mark: self.mark, isInGroup: false)
    }

    private func sweeper() -> GroupSweeper {
        var patience = GroupSweeper.Patience()
        patience.graceNanoseconds = 100
        patience.lookNanoseconds = 10
        patience.lookNanosecondsMax = 40
        return GroupSweeper(patience: patience)
    }

    @Test func withoutOrphansTheSessionIsBuriedAtOnce() {
        var sweeper = self.sweeper()
        sweeper.bury(self.child, self.mark, now: 0)
        #expect(!sweeper.isEmpty)
        #expect(sweeper.step([], now: 0) == [])
        #expect(sweeper.isEmpty)
        #expect(sweeper.nextLook(now: 0) == nil)
    }

    @Test func theEscapedAreAskedOnceThenKilled() {
        var sweeper = self.sweeper()
        sweeper.bury(self.child, self.mark, now: 0)
        #expect(sweeper.step([self.escaped], now: 0) == [.signal(self.escaped.pid, .terminate)])
        #expect(sweeper.step([self.escaped], now: 99) == [])
        #expect(sweeper.step([self.escaped], now: 100) == [.signal(self.escaped.pid, .kill)])
        #expect(sweeper.step([self.escaped], now: 110) == [.signal(self.escaped.pid, .kill)])
        #expect(!sweeper.isEmpty)
        #expect(sweeper.step([], now: 120) == [])
        #expect(sweeper.isEmpty)
    }

    @Test func theGroupWasAskedBeforeAndIsKilledInOneStroke() {
        var sweeper = self.sweeper()
        sweeper.bury(self.child, self.mark, now: 0)
        #expect(sweeper.step([self.inGroup], now: 0) == [])
        #expect(
            sweeper.step([self.inGroup, self.escaped], now: 100)
                == [.signalGroup(self.child, .kill), .signal(self.escaped.pid, .kill)])
    }

    @Test func looksBecomeRarerButTheKillIsOnTime() {
        var sweeper = self.sweeper()
        sweeper.bury(self.child, self.mark, now: 0)
        #expect(sweeper.nextLook(now: 0) == 10)
        #expect(sweeper.nextLook(now: 10) == 30)
        #expect(sweeper.nextLook(now: 30) == 70)
        #expect(sweeper.nextLook(now: 70) == 100, "the grace ends before the next look")
        #expect(sweeper.nextLook(now: 100) == 140)
    }
}
