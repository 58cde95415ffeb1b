internal import Configuration
internal import Reactor
internal import Telemetry

/// The keepers of all listeners with TLS: one for each way in which it is spoken, so listeners of the same settings
/// show the same certificate and take each other's tickets, and no others do.
struct TLSKeepers {
    private let all: [TLSKeeper]

    static var none: TLSKeepers { TLSKeepers(all: []) }

    private init(all: [TLSKeeper]) { self.all = all }

    /// Those of `before` go on that are still asked for. Throws when there is nothing to serve with.
    init(_ listeners: [ListenerPlan], after before: TLSKeepers = .none) throws(ServerFailure) {
        var all: [TLSKeeper] = []
        for plan in listeners.compactMap(\.transport.tls) where !all.contains(where: { $0.plan == plan }) {
            if let keeper = before.keeper(for: plan) {
                all.append(keeper)
            } else {
                all.append(try TLSKeeper(plan))
            }
        }
        self.all = all
    }

    var isEmpty: Bool { self.all.isEmpty }

    func keeper(for plan: TLSPlan) -> TLSKeeper? { self.all.first { $0.plan == plan } }

    func start(_ reactor: Reactor, log: Log) {
        for keeper in self.all { keeper.start(reactor, log: log) }
    }

    /// Puts these in the place of `before`: whom only one of the two has begins or ends.
    func succeed(_ before: TLSKeepers, _ reactor: Reactor, log: Log) {
        for keeper in before.all where !self.all.contains(where: { $0 === keeper }) { keeper.retire() }
        for keeper in self.all where !before.all.contains(where: { $0 === keeper }) { keeper.start(reactor, log: log) }
    }

    /// Reads all files again.
    func reload(_ log: Log, tellsDoubts: Bool) {
        for keeper in self.all { keeper.reload(log, tellsDoubts: tellsDoubts) }
    }
}
