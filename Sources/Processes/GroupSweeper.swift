package import SystemCalls

/// Decides what is still to be done about sessions whose child has ended: waits for their orphans, then ends
/// them.
///
/// Knows no clock, no signal and no /proc: it is told the time and the orphans, and answers with actions.
///
///     bury ─→ no orphan: buried
///          └→ orphans: SIGTERM once ─ grace ─→ SIGKILL at every look until a look finds none: buried
package struct GroupSweeper: Sendable {
    package struct Patience: Sendable {
        /// Between SIGTERM and SIGKILL.
        package var graceNanoseconds: UInt64 = 2_000_000_000
        /// Between two looks, the first time; it doubles up to the maximum. Looking costs a walk through
        /// /proc.
        package var lookNanoseconds: UInt64 = 10_000_000
        package var lookNanosecondsMax: UInt64 = 160_000_000

        package init() {}
    }

    package enum Action: Equatable, Sendable {
        case signal(ProcessID, Signal)
        /// Only while an orphan was just seen in the group: an empty group's number may be a stranger's next.
        case signalGroup(ProcessID, Signal)
    }

    private struct Burial {
        let pid: ProcessID
        let killTime: UInt64
        var asked: Set<ProcessID> = []
    }

    private let patience: Patience
    private var burials: [DescentMark: Burial] = [:]
    private var lookDelay: UInt64

    package init(patience: Patience = Patience()) {
        self.patience = patience
        self.lookDelay = patience.lookNanoseconds
    }

    package var isEmpty: Bool { self.burials.isEmpty }

    package var sessions: [DescentMark: ProcessID] { self.burials.mapValues(\.pid) }

    package mutating func bury(_ pid: ProcessID, _ mark: DescentMark, now: UInt64) {
        self.burials[mark] = Burial(pid: pid, killTime: now + self.patience.graceNanoseconds)
        self.lookDelay = self.patience.lookNanoseconds
    }

    /// `orphans` are of just now; a session without any is buried.
    package mutating func step(_ orphans: [Orphan], now: UInt64) -> [Action] {
        let orphansOf = Dictionary(grouping: orphans, by: \.mark)
        self.burials = self.burials.filter { orphansOf[$0.key] != nil }
        var actions: [Action] = []
        for (mark, orphans) in orphansOf { actions += self.urge(orphans, mark, now: now) }
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
    private mutating func urge(_ orphans: [Orphan], _ mark: DescentMark, now: UInt64) -> [Action] {
        guard let burial = self.burials[mark] else { return [] }
        if now >= burial.killTime {
            // the group in one stroke first: it may fork faster than we count
            let group = orphans.contains(where: \.isInGroup) ? [Action.signalGroup(burial.pid, .kill)] : []
            return group + orphans.filter { !$0.isInGroup }.map { .signal($0.pid, .kill) }
        }
        let unasked = orphans.filter { !$0.isInGroup && !burial.asked.contains($0.pid) }.map(\.pid)
        self.burials[mark]?.asked.formUnion(unasked)
        return unasked.map { .signal($0, .terminate) }
    }
}
