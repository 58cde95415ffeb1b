internal import Configuration
internal import SystemCalls

/// Sockets that were listening before we began: of the service manager (sd_listen_fds(3)), or of the wsbridge whose
/// place we take.
///
/// Those of the service manager stay with us when a reload has no use for them, as they stay with it. Those of a
/// wsbridge have no other owner any more: whoever claims them closes them.
struct HandedSockets {
    private struct Handed {
        let descriptor: CInt
        let name: String
        let address: SocketAddress

        /// As the listener was written in the wsbridge before us; nil for a socket of the service manager.
        var written: String? {
            guard self.name.hasPrefix(HandedSockets.ownPrefix) else { return nil }
            let text = self.name.dropFirst(HandedSockets.ownPrefix.count)
            return String(text.map { $0 == ";" ? ":" : $0 })
        }
    }

    /// What a listener gets.
    struct Claim {
        let address: SocketAddress
        let descriptors: [CInt]
        /// Whether somebody else keeps the socket open when we close it.
        let isKeptElsewhere: Bool
    }

    /// Far more than a unit file has; a larger number is nonsense.
    private static let countMax = 4096
    private static let ownPrefix = "wsbridge-"

    private var sockets: [Handed] = []
    /// What was handed over and is no listening socket.
    private(set) var complaints: [String] = []

    init() {}

    /// What the environment says is ours.
    static func fromEnvironment() -> HandedSockets {
        var handed = HandedSockets()
        guard Self.number("LISTEN_PID") == Int(ProcessTable.ownPID),
            let count = Self.number("LISTEN_FDS"), (1...Self.countMax).contains(count)
        else { return handed }
        let names = ProcessEnvironment.value(of: "LISTEN_FDNAMES").map { String(decoding: $0, as: UTF8.self) } ?? ""
        let list = names.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        for index in 0..<count {
            let descriptor = Successor.firstDescriptor + CInt(index)
            let name = index < list.count ? list[index] : ""
            if let address = Socket.adopt(inherited: descriptor) {
                handed.sockets.append(Handed(descriptor: descriptor, name: name, address: address))
            } else {
                handed.complaints.append("descriptor \(descriptor), '\(name)', is no listening stream socket")
            }
        }
        return handed
    }

    private static func number(_ name: String) -> Int? {
        ProcessEnvironment.value(of: name).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
    }
}

// MARK: - Matching

extension HandedSockets {
    /// The plan with the addresses that its listeners really have: what is allowed at an address must not depend on
    /// what the file says beside a name.
    func resolved(_ plan: Plan) -> Plan {
        var plan = plan
        plan.listeners = plan.listeners.map { listener in
            var listener = listener
            if let address = self.address(for: listener) { listener.address = address }
            return listener
        }
        return plan
    }

    /// By name; or every address of IPv4, where the manager has one socket for both versions. Nil: as written.
    private func address(for listener: ListenerPlan) -> ListenAddress? {
        let wanted = listener.address.socketAddress
        let named = self.sockets.filter { $0.written == nil && $0.name == listener.name }
        let candidates = named.isEmpty ? self.sockets.filter { $0.written == nil } : named
        if candidates.contains(where: { $0.address == wanted }) { return nil }
        let both = candidates.first { $0.address.isEvery && wanted.isEvery && $0.address.port == wanted.port }
        let found = named.first ?? both
        return found.flatMap { try? ListenAddress(parsing: $0.address.description) }
    }

    /// The sockets of a listener of a resolved plan; nil when it has none and must be bound.
    mutating func claim(_ listener: ListenerPlan) -> Claim? {
        let wanted = listener.address.socketAddress
        let first =
            self.sockets.first { $0.written == listener.address.description }
            ?? self.sockets.first { $0.address == wanted }
        guard let first else { return nil }
        let taken = self.sockets.filter { $0.address == first.address }
        if first.written == nil {
            let copies = taken.compactMap { Descriptor(duplicating: $0.descriptor)?.release() }
            guard !copies.isEmpty else { return nil }
            return Claim(address: first.address, descriptors: copies, isKeptElsewhere: true)
        }
        self.sockets.removeAll { $0.address == first.address }
        return Claim(address: first.address, descriptors: taken.map(\.descriptor), isKeptElsewhere: false)
    }

    /// Sockets that no listener of the plan claimed, by what to say of them. Those of a wsbridge are closed, so that
    /// nobody waits in their queues.
    mutating func leftovers(_ entrances: [Entrance]) -> [String] {
        let unused = self.sockets.filter { socket in !entrances.contains { $0.address == socket.address } }
        for socket in unused where socket.written != nil { _ = Descriptor(owning: socket.descriptor) }
        self.sockets.removeAll { $0.written != nil }
        return unused.map { $0.written == nil ? "\($0.address), '\($0.name)'" : "\($0.address)" }
    }

    /// All that another wsbridge needs to serve the same: descriptors, which stay ours, and their names. What no longer
    /// listens is left out.
    func successors(_ entrances: [Entrance]) -> [(descriptor: CInt, name: String)] {
        var all = self.sockets.map { ($0.descriptor, $0.name) }
        for entrance in entrances where !entrance.isKeptElsewhere {
            let written = entrance.plan.address.description.map { $0 == ":" ? ";" : $0 }
            for descriptor in entrance.listeners where Socket.address(listeningAt: descriptor) == entrance.address {
                all.append((descriptor, Self.ownPrefix + String(written)))
            }
        }
        return all
    }
}

extension SocketAddress {
    fileprivate var isEvery: Bool {
        switch self {
        case .ipv4(let address, _): address == 0
        case .ipv6(let high, let low, _): high == 0 && low == 0
        case .unix: false
        }
    }
}
