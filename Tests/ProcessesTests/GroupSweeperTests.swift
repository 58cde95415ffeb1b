import Processes
import SystemCalls
import Testing

@Suite struct GroupSweeperTests {
    let id = UniqueID(high: 1, low: 2)
    let child: ProcessID
    let inGroup: Orphan
    let escaped: Orphan

    init() throws {
        self.child = try #require(ProcessID(rawValue: 100))
        self.inGroup = Orphan(pid: try #require(ProcessID(rawValue: 101)), id: self.id, isInGroup: true)
        self.escaped = Orphan(pid: try #require(ProcessID(rawValue: 102)), id: self.id, isInGroup: false)
    }

    private func sweeper() -> GroupSweeper {
        var patience = GroupSweeper.Patience()
        patience.graceNanoseconds = 100
        patience.lookNanoseconds = 10
        patience.lookNanosecondsMax = 40
        return GroupSweeper(patience: patience)
    }

    @Test func withoutOrphansTheSessionIsReleasedAtOnce() {
        var sweeper = self.sweeper()
        sweeper.bury(self.child, self.id, now: 0)
        #expect(!sweeper.isEmpty)
        #expect(sweeper.step(OrphanFinding(), now: 0) == [.release(self.child, self.id)])
        #expect(sweeper.isEmpty)
        #expect(sweeper.nextLook(now: 0) == nil)
    }

    @Test func theEscapedAreAskedOnceThenKilled() {
        var sweeper = self.sweeper()
        sweeper.bury(self.child, self.id, now: 0)
        let finding = OrphanFinding(orphans: [self.escaped])
        #expect(sweeper.step(finding, now: 0) == [.signal(self.escaped.pid, .terminate)])
        #expect(sweeper.step(finding, now: 99) == [])
        #expect(sweeper.step(finding, now: 100) == [.signal(self.escaped.pid, .kill)])
        #expect(sweeper.step(finding, now: 110) == [.signal(self.escaped.pid, .kill)])
        #expect(sweeper.step(OrphanFinding(), now: 120) == [.release(self.child, self.id)])
    }

    @Test func theGroupWasAskedBeforeAndIsKilledInOneStroke() {
        var sweeper = self.sweeper()
        sweeper.bury(self.child, self.id, now: 0)
        #expect(sweeper.step(OrphanFinding(orphans: [self.inGroup]), now: 0) == [])
        #expect(
            sweeper.step(OrphanFinding(orphans: [self.inGroup, self.escaped]), now: 100)
                == [.signalGroup(self.child, .kill), .signal(self.escaped.pid, .kill)])
    }

    @Test func besideAStrangerItLooksAgain() {
        var sweeper = self.sweeper()
        sweeper.bury(self.child, self.id, now: 0)
        let stranger = OrphanFinding(hasStrangers: true)
        for look: UInt64 in 0..<3 { #expect(sweeper.step(stranger, now: look) == []) }
        let recognised = OrphanFinding(orphans: [self.escaped])
        #expect(sweeper.step(recognised, now: 3) == [.signal(self.escaped.pid, .terminate)])
        for look: UInt64 in 4..<7 { #expect(sweeper.step(stranger, now: look) == []) }
        #expect(sweeper.step(stranger, now: 7) == [.release(self.child, self.id)])
    }

    @Test func looksBecomeRarerButTheKillIsOnTime() {
        var sweeper = self.sweeper()
        sweeper.bury(self.child, self.id, now: 0)
        #expect(sweeper.nextLook(now: 0) == 10)
        #expect(sweeper.nextLook(now: 10) == 30)
        #expect(sweeper.nextLook(now: 30) == 70)
        #expect(sweeper.nextLook(now: 70) == 100, "the grace ends before the next look")
        #expect(sweeper.nextLook(now: 100) == 140)
    }
}
