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

/// Says which processes belong to sessions that are being buried. Pure: it is given what /proc said.
///
/// When the child of a session ends, each process it leaves behind becomes our child or already hangs below
/// one. Such a process belongs to the session that its environment names (UNIQUE_ID); else to the one that
/// began its process session (setsid); else to its parent's. One that fits no session at all, for it left its
/// process session and wiped its environment, is a stranger: no session can be charged with it while any
/// lives, and with the last it goes.
struct OrphanCensus {
    /// Us.
    var adopter: Int32
    /// Not an orphan though our child: the guardian.
    var guardian: ProcessID?
    /// Sessions whose processes may live.
    var live: [UniqueID: ProcessID?]
    /// Sessions under burial.
    var buried: [UniqueID: ProcessID]

    private enum Owner {
        case live
        case buried(UniqueID)
        case unknown
    }

    /// `uniqueID` is asked for adopted processes and what hangs below them, never for a living session's
    /// tree.
    func orphans(among processes: [ProcessEntry], uniqueID: (Int32) -> UniqueID?) -> [Orphan] {
        let childrenOf = Dictionary(grouping: processes, by: \.parent)
        let sessions = self.ownersBySession()
        var spared = Set(self.live.values.compactMap { $0?.rawValue })
        if let guardian = self.guardian { spared.insert(guardian.rawValue) }

        var orphans: [Orphan] = []
        var waiting = (childrenOf[self.adopter] ?? [])
            .filter { !spared.contains($0.pid) }
            .map { (process: $0, inherited: Owner.unknown) }
        while let (process, inherited) = waiting.popLast() {
            let owner = self.owner(of: process, inherited, sessions, uniqueID)
            if !process.isZombie, let pid = ProcessID(rawValue: process.pid),
                let id = self.chargedSession(owner)
            {
                let isInGroup = self.buried[id]?.rawValue == process.group
                orphans.append(Orphan(pid: pid, id: id, isInGroup: isInGroup))
            }
            waiting += (childrenOf[process.pid] ?? []).map { (process: $0, inherited: owner) }
        }
        return orphans
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
