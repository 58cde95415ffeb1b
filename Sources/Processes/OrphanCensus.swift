package import SystemCalls

/// A process that outlived its session's child and hangs below us because we adopt orphans.
package struct Orphan: Hashable, Sendable {
    package var pid: ProcessID
    /// The session whose burial it delays.
    package var id: UniqueID
    /// Still in the process group of the session's child.
    package var isInGroup: Bool

    package init(pid: ProcessID, id: UniqueID, isInGroup: Bool) {
        self.pid = pid
        self.id = id
        self.isInGroup = isInGroup
    }
}

/// What one look has found.
package struct OrphanFinding: Equatable, Sendable {
    package var orphans: [Orphan]
    /// Somebody is there who fits no session. He may be in the middle of execve, when a process has no
    /// environment to be known by: look again before saying that nobody is left.
    package var hasStrangers: Bool

    package init(orphans: [Orphan] = [], hasStrangers: Bool = false) {
        self.orphans = orphans
        self.hasStrangers = hasStrangers
    }
}

/// Says which processes belong to sessions that are being buried. Pure: it is given what /proc said.
///
/// When the child of a session ends, each process it leaves behind becomes our child or already hangs below
/// one. Such a process belongs to the session that its environment names (UNIQUE_ID); else to the one that
/// began its process session (setsid); else to its parent's. One that fits no session at all, for it left its
/// process session and wiped its environment, is a stranger: no session can be charged with it while any
/// lives, and with the last it goes.
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
    var live: [UniqueID: ProcessID?]
    /// Sessions under burial.
    var buried: [UniqueID: ProcessID]

    private enum Owner {
        case live
        case buried(UniqueID)
        case unknown
    }

    /// `uniqueID` is asked for adopted processes and what hangs below them, not for a living session's tree.
    func take(of processes: [ProcessEntry], uniqueID: (Int32) -> UniqueID?) -> OrphanFinding {
        let childrenOf = Dictionary(grouping: processes, by: \.parent)
        let sessions = self.ownersBySession()
        let ownSession = processes.first { $0.pid == self.adopter }?.session
        let adopted = self.adopted(among: childrenOf, ownSession: ownSession)
        var waiting = adopted.map { (process: $0, inherited: Owner.unknown) }
        var finding = OrphanFinding()
        while let (process, inherited) = waiting.popLast() {
            let owner = self.owner(of: process, inherited, sessions, uniqueID)
            if !process.isZombie { self.note(process, owner, in: &finding) }
            waiting += (childrenOf[process.pid] ?? []).map { (process: $0, inherited: owner) }
        }
        return finding
    }

    private func adopted(
        among childrenOf: [Int32: [ProcessEntry]], ownSession: Int32?
    ) -> [ProcessEntry] {
        var known = Set(self.live.values.compactMap { $0?.rawValue })
        if let guardian = self.guardian { known.insert(guardian.rawValue) }
        known.formUnion(self.inherited)
        return (childrenOf[self.adopter] ?? []).filter { !known.contains($0.pid) && $0.session != ownSession }
    }

    private func note(_ process: ProcessEntry, _ owner: Owner, in finding: inout OrphanFinding) {
        guard let pid = ProcessID(rawValue: process.pid) else { return }
        if let id = self.chargedSession(owner) {
            let isInGroup = self.buried[id]?.rawValue == process.group
            finding.orphans.append(Orphan(pid: pid, id: id, isInGroup: isInGroup))
        } else if case .unknown = owner {
            finding.hasStrangers = true
        }
    }

    private func ownersBySession() -> [Int32: Owner] {
        var owners: [Int32: Owner] = [:]
        for (id, pid) in self.buried { owners[pid.rawValue] = .buried(id) }
        // last: a pid that is in use again belongs to the living
        for case .some(let pid) in self.live.values { owners[pid.rawValue] = .live }
        return owners
    }

    private func owner(
        of process: ProcessEntry, _ inherited: Owner, _ sessions: [Int32: Owner],
        _ uniqueID: (Int32) -> UniqueID?
    ) -> Owner {
        if let id = uniqueID(process.pid) {
            if self.buried[id] != nil { return .buried(id) }
            if self.live[id] != nil { return .live }
        }
        return sessions[process.session] ?? inherited
    }

    private func chargedSession(_ owner: Owner) -> UniqueID? {
        switch owner {
        case .live: nil
        case .buried(let id): id
        case .unknown: self.live.isEmpty ? self.buried.keys.first : nil
        }
    }
}
