package import SystemCalls

/// Carries out what `GroupSweeper` decides, on the main thread, whose children the orphans are.
///
/// The usual burial costs one waitid: "no children" means that nothing of any ended session is left.
package struct Undertaker: ~Copyable {
    private let live: LiveChildren
    private let guardian: Guardian?
    private var sweeper: GroupSweeper
    /// A pid stays here when its process has ended: from then on an orphan of that number would be overlooked.
    private let inherited: Set<Int32>

    /// From here on orphans below us become children of the main thread.
    package init(
        live: LiveChildren, guardian: Guardian?, patience: GroupSweeper.Patience = GroupSweeper.Patience()
    ) throws(Errno) {
        try AdoptedChildren.adoptOrphans()
        self.inherited = try Self.children(besides: guardian)
        self.live = live
        self.guardian = guardian
        self.sweeper = GroupSweeper(patience: patience)
    }

    /// Whom we were given by the program that became us. Usually that is nobody, and one system call says so.
    private static func children(besides guardian: Guardian?) throws(Errno) -> Set<Int32> {
        guard try AdoptedChildren.reapEnded() else { return [] }
        let own = ProcessTable.ownPID
        let children = try ProcessTable.all().filter { $0.parent == own && $0.pid != guardian?.pid.rawValue }
        return Set(children.map(\.pid))
    }

    /// False while something of an ended session may live: a drain waits for it.
    package var isEmpty: Bool { self.sweeper.isEmpty }

    /// For a child that `ChildEnd.collect` has reaped. Call `tend` afterwards, once for any number of
    /// burials.
    package mutating func bury(_ pid: ProcessID, _ mark: DescentMark, now: UInt64) {
        self.live.remove(mark)
        self.sweeper.bury(pid, mark, now: now)
    }

    /// Reaps orphans that have ended and moves burials on. Call it on SIGCHLD, after `bury`, and at the time
    /// that the last call gave back, on the same monotonic clock; nil: nothing to wait for.
    package mutating func tend(now: UInt64) throws(Errno) -> UInt64? {
        let someoneIsLeft = try AdoptedChildren.reapEnded()
        if !self.sweeper.isEmpty {
            let orphans = someoneIsLeft ? try self.look() : []
            for action in self.sweeper.step(orphans, now: now) { Self.perform(action) }
        }
        return self.sweeper.nextLook(now: now)
    }

    /// Lists first and asks who lives second; `LiveChildren` explains why.
    private borrowing func look() throws(Errno) -> [Orphan] {
        let processes = try ProcessTable.all()
        let census = OrphanCensus(
            adopter: ProcessTable.ownPID, guardian: self.guardian?.pid, inherited: self.inherited,
            live: self.live.snapshot(), buried: self.sweeper.sessions)
        return census.take(of: processes) { ProcessTable.mark(of: $0) }
    }

    /// An adopted process cannot lose its pid to another before this thread reaps it; one below it could, in
    /// the microseconds since the listing, and only if the kernel had gone through all pids in between.
    private static func perform(_ action: GroupSweeper.Action) {
        switch action {
        case .signal(let pid, let signal): try? pid.send(signal)
        case .signalGroup(let pid, let signal): try? pid.sendToGroup(signal)
        }
    }
}
