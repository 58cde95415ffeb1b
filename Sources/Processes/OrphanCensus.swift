package import SystemCalls

/// A process that outlived its session's child and hangs below us because we adopt orphans.
package struct Orphan: Hashable, Sendable {
    package var pid: ProcessID
    /// Of the session whose burial it delays.
    package var mark: DescentMark
    /// Still in the process group of the session's child.
    package var isInGroup: Bool

    package init(pid: ProcessID, mark: DescentMark, isInGroup: Bool) {
        self.pid = pid
        self.mark = mark
        self.isInGroup = isInGroup
    }
}

/// Says which processes belong to sessions that are being buried. Pure: it is given what /proc said.
///
/// When the child of a session ends, each process it leaves behind becomes our child or already hangs below
/// one. Such a process belongs to the session whose mark it bears. Where there are no marks, for the kernel takes
/// none or the process had the privilege to take its own off, it belongs to the session that began its process session
/// (setsid); else to its parent's. One that fits none is a stranger: no session can be charged with it while any lives,
/// and with the last it goes.
///
/// Who was our child before we had any session is nobody's: a shell may start others and then become us (`log & exec
/// wsbridge`). So is who shares our process session: children of sessions begin one of their own, and nobody gets back.
struct OrphanCensus {
    /// Us.
    var adopter: Int32
    /// Not an orphan though our child: the guardian.
    var guardian: ProcessID?
    /// Children that we had before we were a server.
    var inherited: Set<Int32> = []
    /// Sessions whose processes may live.
    var live: [DescentMark: ProcessID?]
    /// Sessions under burial.
    var buried: [DescentMark: ProcessID]

    private enum Owner {
        case live
        case buried(DescentMark)
        case unknown
    }

    /// `mark` is asked for adopted processes and what hangs below them, not for a living session's tree.
    func take(of processes: [ProcessEntry], mark: (Int32) -> DescentMark?) -> [Orphan] {
        let childrenOf = Dictionary(grouping: processes, by: \.parent)
        let sessions = self.ownersBySession()
        let ownSession = processes.first { $0.pid == self.adopter }?.session
        let adopted = self.adopted(among: childrenOf, ownSession: ownSession)
        var waiting = adopted.map { (process: $0, inherited: Owner.unknown) }
        var orphans: [Orphan] = []
        while let (process, inherited) = waiting.popLast() {
            let owner = self.owner(of: process, inherited, sessions, mark)
            if !process.isZombie, let orphan = self.orphan(process, owner) { orphans.append(orphan) }
            waiting += (childrenOf[process.pid] ?? []).map { (process: $0, inherited: owner) }
        }
        return orphans
    }

    private func adopted(
        among childrenOf: [Int32: [ProcessEntry]], ownSession: Int32?
    ) -> [ProcessEntry] {
        var known = Set(self.live.values.compactMap { $0?.rawValue })
        if let guardian = self.guardian { known.insert(guardian.rawValue) }
        known.formUnion(self.inherited)
        return (childrenOf[self.adopter] ?? []).filter { !known.contains($0.pid) && $0.session != ownSession }
    }

    private func orphan(_ process: ProcessEntry, _ owner: Owner) -> Orphan? {
        guard let pid = ProcessID(rawValue: process.pid), let mark = self.chargedSession(owner) else { return nil }
        return Orphan(pid: pid, mark: mark, isInGroup: self.buried[mark]?.rawValue == process.group)
    }

    private func ownersBySession() -> [Int32: Owner] {
        var owners: [Int32: Owner] = [:]
        for (mark, pid) in self.buried { owners[pid.rawValue] = .buried(mark) }
        // last: a pid that is in use again belongs to the living
        for case .some(let pid) in self.live.values { owners[pid.rawValue] = .live }
        return owners
    }

    private func owner(
        of process: ProcessEntry, _ inherited: Owner, _ sessions: [Int32: Owner],
        _ mark: (Int32) -> DescentMark?
    ) -> Owner {
        if let mark = mark(process.pid) {
            if self.buried[mark] != nil { return .buried(mark) }
            if self.live[mark] != nil { return .live }
        }
        return sessions[process.session] ?? inherited
    }

    private func chargedSession(_ owner: Owner) -> DescentMark? {
        switch owner {
        case .live: nil
        case .buried(let mark): mark
        case .unknown: self.live.isEmpty ? self.buried.keys.first : nil
        }
    }
}
