import Addresses
internal import Configuration
internal import SystemCalls

/// A bound address as the workers see it. The same number means the same sockets, across reloads.
struct Entrance: Sendable {
    let number: Int
    let plan: ListenerPlan
    /// What was bound, with the port that the system chose.
    let address: SocketAddress
    /// One a worker for TCP; a unix path has one that all workers wait on, and so may a socket that was handed to us.
    let listeners: [Int32]
    /// The service manager has the sockets too: closing ours does not reset who waits there.
    let isKeptElsewhere: Bool
    private(set) var transport: SharedTransport
    /// Nil: it serves the routes.
    private(set) var redirect: Redirect?
    /// Whether only this machine reaches it, by a name that a page elsewhere could be made to resolve to it.
    let isLoopback: Bool

    /// Plain; see `equipped`.
    init(
        number: Int, plan: ListenerPlan, address: SocketAddress, listeners: [Int32], isKeptElsewhere: Bool = false
    ) {
        self.number = number
        self.plan = plan
        self.address = address
        self.listeners = listeners
        self.isKeptElsewhere = isKeptElsewhere
        self.transport = SharedTransport(TransportPlan(), .none)
        self.isLoopback = plan.address.isLoopback && address.port != nil
    }

    /// All of a server's, as their plans say, which only those that are bound know all of.
    static func equipped(_ entrances: [Entrance], _ keepers: TLSKeepers) -> [Entrance] {
        let portSecure = entrances.first { $0.plan.isRedirectTarget }?.address.port
        return entrances.map { entrance in
            var entrance = entrance
            entrance.transport = SharedTransport(entrance.plan.transport, keepers)
            switch entrance.plan.redirect {
            case .port(let port)?: entrance.redirect = Redirect(port: port)
            case .firstListener?: entrance.redirect = portSecure.map { Redirect(port: $0) }
            case nil: entrance.redirect = nil
            }
            return entrance
        }
    }

    /// Where a client came in is then to be asked of its connection.
    var isEveryAddress: Bool {
        switch self.plan.address {
        case .tcp(let address, _): address.isAny
        case .unix: false
        }
    }

    var servesConsole: Bool {
        switch self.plan.console {
        case .auto: self.plan.address.isLoopback
        case .on: true
        case .off: false
        }
    }

    /// Descriptors of the worker's own: its share of the sockets, and at least one of them.
    func listeners(ofWorker index: Int, of workers: Int) -> [Int32] {
        let share = stride(from: index, to: self.listeners.count, by: workers).map { self.listeners[$0] }
        guard share.isEmpty, !self.listeners.isEmpty else { return share }
        let shared = self.listeners[index % self.listeners.count]
        guard let copy = Descriptor(duplicating: shared) else { return [] }
        return [copy.release()]
    }

    /// The same sockets under a new plan.
    func keeping(_ plan: ListenerPlan) -> Entrance {
        Entrance(
            number: self.number, plan: plan, address: self.address, listeners: self.listeners,
            isKeptElsewhere: self.isKeptElsewhere)
    }

    /// Closes sockets that no worker has taken yet.
    func abandon() {
        for listener in self.listeners { _ = Descriptor(owning: listener) }
        Binding.removeFile(of: self.address)
    }

    /// The address as a browser takes it; a unix path as it is.
    func url(host: String? = nil, path: String) -> String {
        guard let port = self.address.port else { return self.address.description }
        let scheme = self.plan.transport.tls == nil ? "http" : "https"
        let bound = self.address.host
        let name = bound == "0.0.0.0" || bound == "::" ? "localhost" : bound.contains(":") ? "[\(bound)]" : bound
        return "\(scheme)://\(host ?? name):\(port)\(path)"
    }
}
