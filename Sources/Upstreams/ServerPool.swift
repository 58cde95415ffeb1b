/// How a route's clients are spread over its servers.
package enum Balance: String, CaseIterable, Sendable {
    case roundRobin = "round-robin"
    /// The server with the fewest sessions, in turn among equals.
    case leastConnections = "least-connections"
    /// The same server for a client's address as long as it is there.
    case source
}

/// The servers of a route: who is chosen, who is left out. It is shared by all workers, behind a lock.
///
/// A server is left out when checks found it down, when connections to it failed (`ServerHealth`), or when it is full.
/// When failed connections alone have put all of them out, they are tried nevertheless, soonest back first: that they
/// are out is a guess, and a client that is turned away for a guess gains nothing.
package struct ServerPool: Sendable {
    package struct Server: Equatable, Sendable {
        /// Connections under way and sessions.
        package fileprivate(set) var active = 0
        package fileprivate(set) var health = ServerHealth.new
        package fileprivate(set) var check = CheckState.new
        fileprivate let seed: UInt64
    }

    /// A place at a server: given back by `failed` or `calledOff`, or after `succeeded` by `ended`.
    package struct Pick: Equatable, Sendable {
        package let index: Int
        package let isTrial: Bool
    }

    /// Why nobody is left.
    package enum Refusal: Error, Equatable, Sendable {
        /// All that were left have been tried.
        case allTried
        /// Checks found all of them down.
        case allDown
        /// All have as many sessions as they may.
        case allFull
    }

    private let balance: Balance
    private let ejection: EjectionSettings
    /// Sessions of one server; nil: without bound.
    private let connectionsMax: Int?
    package private(set) var servers: [Server]
    /// Whose turn it is.
    private var cursor = 0

    /// `names`: of the servers, so that the same client finds the same server after a restart and on another machine.
    package init(names: [String], balance: Balance, ejection: EjectionSettings, connectionsMax: Int?) {
        precondition(!names.isEmpty, "a route has a server")
        self.balance = balance
        self.ejection = ejection
        self.connectionsMax = connectionsMax
        self.servers = names.map { Server(seed: StableHash.hash($0.utf8)) }
    }
}

// MARK: - Choosing

extension ServerPool {
    /// The server for a client, not one of those that were tried for it. `source` stands for the client's address,
    /// `preferred` for the server that served it before (the hash of its name), which is taken while it is there.
    package mutating func pick(
        source: UInt64, preferred: UInt64? = nil, tried: [Int], now: UInt64
    ) throws(Refusal) -> Pick {
        if self.servers.count == 1 { return try self.pickOnly(tried: tried, now: now) }
        let untried = self.servers.indices.filter { !tried.contains($0) }
        guard !untried.isEmpty else { throw .allTried }
        let up = untried.filter { self.servers[$0].check.isUp }
        guard !up.isEmpty else { throw tried.isEmpty ? .allDown : .allTried }
        let free = up.filter { self.hasRoom($0) }
        guard !free.isEmpty else { throw tried.isEmpty ? .allFull : .allTried }
        let admitted = free.filter { self.servers[$0].health.admits(now: now) }
        let known = preferred.flatMap { key in admitted.first { self.servers[$0].seed == key } }
        let index = known ?? (admitted.isEmpty ? self.soonest(of: free) : self.choose(of: admitted, source: source))
        self.servers[index].active += 1
        return Pick(index: index, isTrial: self.servers[index].health.begin(now: now))
    }

    /// Most routes have one server: no lists are made for it, and nothing but checks leaves it out.
    private mutating func pickOnly(tried: [Int], now: UInt64) throws(Refusal) -> Pick {
        guard tried.isEmpty else { throw .allTried }
        guard self.servers[0].check.isUp else { throw .allDown }
        guard self.hasRoom(0) else { throw .allFull }
        self.servers[0].active += 1
        return Pick(index: 0, isTrial: self.servers[0].health.begin(now: now))
    }

    private func hasRoom(_ index: Int) -> Bool {
        guard let connectionsMax = self.connectionsMax else { return true }
        return self.servers[index].active < connectionsMax
    }

    private mutating func choose(of candidates: [Int], source: UInt64) -> Int {
        switch self.balance {
        case .roundRobin:
            return self.inTurn(candidates)
        case .leastConnections:
            let least = candidates.map { self.servers[$0].active }.min()
            return self.inTurn(candidates.filter { self.servers[$0].active == least })
        case .source:
            return Self.best(of: candidates) { StableHash.mix(source ^ self.servers[$0].seed) }
        }
    }

    private mutating func inTurn(_ candidates: [Int]) -> Int {
        let index = candidates.first { $0 >= self.cursor } ?? candidates[0]
        self.cursor = index + 1 < self.servers.count ? index + 1 : 0
        return index
    }

    /// The candidate with the highest score (rendezvous hashing): each client has an order of all servers, so one that
    /// falls out moves its own clients only, and one that comes back takes just them.
    private static func best(of candidates: [Int], score: (Int) -> UInt64) -> Int {
        var best = (index: candidates[0], score: score(candidates[0]))
        for index in candidates.dropFirst() {
            let score = score(index)
            if score > best.score { best = (index, score) }
        }
        return best.index
    }

    private func soonest(of candidates: [Int]) -> Int {
        Self.best(of: candidates) { index in
            switch self.servers[index].health {
            case .good: .max
            case .out(let until, _): .max - until
            case .trial: 0
            }
        }
    }
}

// MARK: - What became of it

extension ServerPool {
    package mutating func succeeded(_ pick: Pick) -> ServerHealth.Change? {
        self.servers[pick.index].health.succeeded()
    }

    /// Gives the place back too.
    package mutating func failed(_ pick: Pick, now: UInt64) -> ServerHealth.Change? {
        self.ended(pick)
        // Nobody would take its clients.
        guard self.servers.count > 1 else { return nil }
        return self.servers[pick.index].health.failed(isTrial: pick.isTrial, now: now, self.ejection)
    }

    /// Gives the place back too.
    package mutating func calledOff(_ pick: Pick, now: UInt64) {
        self.ended(pick)
        self.servers[pick.index].health.calledOff(isTrial: pick.isTrial, now: now)
    }

    /// A session is over.
    package mutating func ended(_ pick: Pick) {
        precondition(self.servers[pick.index].active > 0, "a place is given back once")
        self.servers[pick.index].active -= 1
    }

    /// What a check found. A server that rose again is good: both ask the same question, and the check asked last.
    package mutating func checked(_ index: Int, isAlive: Bool, _ settings: CheckSettings) -> CheckState.Change? {
        let change = self.servers[index].check.note(isAlive: isAlive, settings)
        if change == .rose { self.servers[index].health = .new }
        return change
    }
}
