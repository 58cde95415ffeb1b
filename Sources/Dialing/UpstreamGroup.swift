internal import IOCore
internal import SystemCalls
package import Upstreams

/// What changed about a server, for the log.
package enum UpstreamEvent: Equatable, Sendable {
    /// Connections to it failed: it is left out for so many nanoseconds.
    case ejected(server: String, for: UInt64, reason: String)
    /// A client was sent there for a trial, and it answered.
    case returned(server: String)
    /// Checks found it down, or up again.
    case down(server: String, reason: String)
    case up(server: String)
}

/// The servers of a route, shared by all workers: whose turn it is, how many sessions each has, which are left out.
///
/// A dial takes the lock twice and a session's end once; nothing of the data path comes here.
package final class UpstreamGroup: Sendable {
    package struct Settings: Equatable, Sendable {
        /// One at least.
        package var servers: [UpstreamAddress]
        package var balance = Balance.roundRobin
        package var ejection = EjectionSettings()
        /// Nil: nobody checks.
        package var check: CheckSettings?
        /// Sessions of one server at a time; nil: without bound.
        package var connectionsMax: Int?

        package init(servers: [UpstreamAddress]) { self.servers = servers }
    }

    package let settings: Settings
    /// As configured, for logs.
    let names: [String]
    /// Each stands for a server: the same after a restart and on another machine.
    let keys: [UInt64]
    private let pool: Lock<ServerPool>
    private let report: @Sendable (UpstreamEvent) -> Void

    /// `report` is called from any thread, and must not wait.
    package init(_ settings: Settings, report: @escaping @Sendable (UpstreamEvent) -> Void) {
        let names = settings.servers.map(\.description)
        self.settings = settings
        self.names = names
        self.keys = names.map { StableHash.hash($0.utf8) }
        self.report = report
        self.pool = Lock(
            ServerPool(
                names: names, balance: settings.balance, ejection: settings.ejection,
                connectionsMax: settings.connectionsMax))
    }

    /// How many sessions and dials each server has at this moment, and whether it is left out.
    package func snapshot(now: UInt64) -> [(name: String, active: Int, isIn: Bool)] {
        let servers = self.pool.withLock(\.servers)
        return zip(self.names, servers).map { name, server in
            (name, server.active, server.check.isUp && server.health.admits(now: now))
        }
    }

    func pick(
        for request: ConnectRequest, tried: [Int], now: UInt64
    ) throws(ServerPool.Refusal) -> ServerPool.Pick {
        try self.pool.withLock { pool throws(ServerPool.Refusal) in
            try pool.pick(
                source: request.client.sourceKey, preferred: request.preferredServer, tried: tried, now: now)
        }
    }

    func succeeded(_ pick: ServerPool.Pick) {
        if self.pool.withLock({ $0.succeeded(pick) }) != nil { self.report(.returned(server: self.names[pick.index])) }
    }

    func failed(_ pick: ServerPool.Pick, now: UInt64, reason: String) {
        switch self.pool.withLock({ $0.failed(pick, now: now) }) {
        case .ejected(let span): self.report(.ejected(server: self.names[pick.index], for: span, reason: reason))
        case .returned, nil: break
        }
    }

    func calledOff(_ pick: ServerPool.Pick, now: UInt64) { self.pool.withLock { $0.calledOff(pick, now: now) } }

    func ended(_ pick: ServerPool.Pick) { self.pool.withLock { $0.ended(pick) } }

    /// What a check found; `reason` where it failed.
    func checked(_ index: Int, failure reason: String?, _ settings: CheckSettings) {
        switch self.pool.withLock({ $0.checked(index, isAlive: reason == nil, settings) }) {
        case .rose: self.report(.up(server: self.names[index]))
        case .fell: self.report(.down(server: self.names[index], reason: reason ?? ""))
        case nil: break
        }
    }
}

extension SocketAddress {
    /// The same for all connections of a client: its address without the port, of IPv6 the network part, as the rest
    /// changes every day (RFC 8981).
    fileprivate var sourceKey: UInt64 {
        switch self {
        case .ipv4(let address, _): StableHash.mix(UInt64(address))
        case .ipv6(0, let low, _) where low >> 32 == 0xFFFF: StableHash.mix(low & 0xFFFF_FFFF)
        case .ipv6(let high, _, _): StableHash.mix(high)
        case .unix: 0
        }
    }
}
