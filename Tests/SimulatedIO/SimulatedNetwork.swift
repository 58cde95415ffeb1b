internal import IOCore
package import SystemCalls

/// Servers that a simulated loop can connect to.
package final class SimulatedNetwork {
    package enum Behaviour: Equatable, Sendable {
        /// After so many nanoseconds.
        case accepts(after: UInt64 = 0)
        case refuses(Errno = .connectionRefused, after: UInt64 = 0)
        /// Packets vanish.
        case silent
    }

    /// Who is not here refuses.
    package var servers: [SocketAddress: Behaviour] = [:]
    /// Every address that was tried, in order, and when.
    package internal(set) var tries: [(address: SocketAddress, at: UInt64)] = []
    /// The far ends of connections that came to be.
    package internal(set) var accepted: [(address: SocketAddress, end: SimulatedClient)] = []
    /// Attempts that are neither decided nor called off.
    package internal(set) var openCount = 0
    /// Called with the far end of each new connection, before the near one is told.
    package var onAccept: (SimulatedClient) -> Void = { _ in }
}

/// One attempt to connect.
final class SimulatedOpening: SocketOpening, SimulatedParticipant {
    private let address: SocketAddress
    private var client: (any SocketOpeningClient)?
    private let loop: SimulatedLoop
    private let behaviour: SimulatedNetwork.Behaviour
    private let start: UInt64

    init(_ address: SocketAddress, _ client: any SocketOpeningClient, _ loop: SimulatedLoop) {
        self.address = address
        self.client = client
        self.loop = loop
        self.start = loop.now
        self.behaviour = loop.network.servers[address] ?? .refuses()
        loop.network.tries.append((address, loop.now))
        loop.network.openCount += 1
        loop.add(self)
    }

    func cancel() {
        guard self.client != nil else { return }
        self.leave()
    }

    private func leave() {
        self.client = nil
        self.loop.network.openCount -= 1
        self.loop.remove(self)
    }

    var deadline: UInt64? {
        switch self.behaviour {
        case .accepts(let delay), .refuses(_, let delay): self.start + delay
        case .silent: nil
        }
    }

    func turn() -> Bool {
        guard let client = self.client, let deadline = self.deadline, self.loop.now >= deadline else { return false }
        self.leave()
        switch self.behaviour {
        case .accepts:
            let end = SimulatedClient(self.loop)
            self.loop.network.accepted.append((self.address, end))
            self.loop.network.onAccept(end)
            client.socketOpened(end.stream)
        case .refuses(let error, _):
            client.socketFailed(error)
        case .silent:
            break
        }
        return true
    }
}
