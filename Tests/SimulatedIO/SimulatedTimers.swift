internal import IOCore

/// Timers of a simulated loop: exact to the tick of the real one, which never fires early.
struct SimulatedTimers {
    private static let tick: UInt64 = 4_000_000

    private struct Entry {
        let id: Int32
        let due: UInt64
        let client: any TimerClient
    }

    private var entries: [Entry] = []
    private var lastID: Int32 = -1

    var count: Int { self.entries.count }
    var next: UInt64? { self.entries.map(\.due).min() }

    mutating func start(_ client: any TimerClient, at deadline: UInt64) -> TimerID {
        self.lastID += 1
        let due = (deadline / Self.tick + 1) * Self.tick
        self.entries.append(Entry(id: self.lastID, due: due, client: client))
        return TimerID(index: self.lastID)
    }

    mutating func stop(_ timer: TimerID) {
        let index = self.entries.firstIndex { $0.id == timer.index }
        precondition(index != nil, "a timer is stopped once, and not after it fired")
        if let index { self.entries.remove(at: index) }
    }

    mutating func popDue(now: UInt64) -> (any TimerClient)? {
        guard let next = self.next, next <= now, let index = self.entries.firstIndex(where: { $0.due == next }) else {
            return nil
        }
        return self.entries.remove(at: index).client
    }
}
