package import SystemCalls

/// Decides what is still to be done about sessions whose child has ended: waits for their orphans, then ends
/// them.
///
/// Knows no clock, no signal and no /proc: it is told the time and the orphans, and answers with actions.
///
///     bury ─→ no orphan: release
///          └→ orphans: SIGTERM once ─ grace ─→ SIGKILL at every look until a look finds none: release
package struct GroupSweeper: Sendable {
    package struct Patience: Sendable {
        /// Between SIGTERM and SIGKILL.
        package var graceNanoseconds: UInt64 = 2_000_000_000
        /// Between two looks, the first time; it doubles up to the maximum. Looking costs a walk through
        /// /proc.
        package var lookNanoseconds: UInt64 = 10_000_000
        package var lookNanosecondsMax: UInt64 = 160_000_000
        /// So many looks without an orphan it takes beside a stranger: 70 ms, more than an execve needs.
        package var looksBesideStrangers = 4

        package init() {}
    }

    package enum Action: Equatable, Sendable {
        case signal(ProcessID, Signal)
        /// Only while an orphan was just seen in the group: an empty group's number may be a stranger's next.
        case signalGroup(ProcessID, Signal)
        /// Nothing of the session is left: the guardian may forget it.
        case release(ProcessID, UniqueID)
    }

    private struct Burial {
        let pid: ProcessID
        let killTime: UInt64
        var asked: Set<ProcessID> = []
        var looksInVain = 0
    }

    private let patience: Patience
    private var burials: [UniqueID: Burial] = [:]
    private var lookDelay: UInt64

    package init(patience: Patience = Patience()) {
        self.patience = patience
        self.lookDelay = patience.lookNanoseconds
    }

    package var isEmpty: Bool { self.burials.isEmpty }

    package var sessions: [UniqueID: ProcessID] { self.burials.mapValues(\.pid) }

    package mutating func bury(_ pid: ProcessID, _ id: UniqueID, now: UInt64) {
        self.burials[id] = Burial(pid: pid, killTime: now + self.patience.graceNanoseconds)
        self.lookDelay = self.patience.lookNanoseconds
    }

    /// `finding` is of just now.
    package mutating func step(_ finding: OrphanFinding, now: UInt64) -> [Action] {
        var actions: [Action] = []
        let orphansOf = Dictionary(grouping: finding.orphans, by: \.id)
        for (id, burial) in self.burials where orphansOf[id] == nil {
            let looks = burial.looksInVain + 1
            self.burials[id]?.looksInVain = looks
            if finding.hasStrangers && looks < self.patience.looksBesideStrangers { continue }
            self.burials[id] = nil
            actions.append(.release(burial.pid, id))
        }
        for (id, orphans) in orphansOf { actions += self.urge(orphans, id, now: now) }
        return actions
    }

    /// When to look again; nil when nothing is left to wait for. Doubles the wait, so ask once after each
    /// step.
    package mutating func nextLook(now: UInt64) -> UInt64? {
        guard let firstKill = self.burials.values.lazy.map(\.killTime).min() else { return nil }
        defer { self.lookDelay = min(self.lookDelay * 2, self.patience.lookNanosecondsMax) }
        let look = now + self.lookDelay
        return firstKill > now ? min(look, firstKill) : look
    }

    /// The group was asked by `ChildEnd.collect`; to many programs a second SIGTERM means "at once".
    private mutating func urge(_ orphans: [Orphan], _ id: UniqueID, now: UInt64) -> [Action] {
        guard let burial = self.burials[id] else { return [] }
        self.burials[id]?.looksInVain = 0
        if now >= burial.killTime {
            // the group in one stroke first: it may fork faster than we count
            let group = orphans.contains(where: \.isInGroup) ? [Action.signalGroup(burial.pid, .kill)] : []
            return group + orphans.filter { !$0.isInGroup }.map { .signal($0.pid, .kill) }
        }
        let unasked = orphans.filter { !$0.isInGroup && !burial.asked.contains($0.pid) }.map(\.pid)
        self.burials[id]?.asked.formUnion(unasked)
        return unasked.map { .signal($0, .terminate) }
    }
}
