internal import Addresses
internal import Configuration
internal import SystemCalls

/// Binds addresses.
enum Binding {
    /// The sockets of a listener, for so many workers: handed to us, or bound. `besides` are addresses of our own that
    /// it may overlap.
    static func bind(
        _ plan: ListenerPlan, number: Int, workers: Int, _ handed: inout HandedSockets,
        besides own: [SocketAddress] = []
    ) throws(ServerFailure) -> Entrance {
        if let claim = handed.claim(plan) {
            return Entrance(
                number: number, plan: plan, address: claim.address, listeners: claim.descriptors,
                isKeptElsewhere: claim.isKeptElsewhere)
        }
        let wanted = plan.address.socketAddress
        let file = try SocketFile(plan)
        do throws(Errno) {
            switch plan.address {
            case .tcp:
                let isOurs = wanted.port != 0 && own.contains { $0.port == wanted.port }
                let (address, listeners) = try Self.bindTCP(wanted, workers: workers, isOurs: isOurs)
                return Entrance(number: number, plan: plan, address: address, listeners: listeners)
            case .unix:
                let listener = try Self.bindUnix(wanted, file)
                return Entrance(number: number, plan: plan, address: wanted, listeners: [listener])
            }
        } catch {
            throw .cannotListen(plan, error)
        }
    }

    /// The socket of the listener for operators.
    static func bindMetrics(
        _ plan: ListenerPlan, number: Int, _ handed: inout HandedSockets, besides own: [SocketAddress] = []
    ) throws(ServerFailure) -> Entrance {
        do throws(ServerFailure) {
            return try Self.bind(plan, number: number, workers: 1, &handed, besides: own)
        } catch {
            guard case .cannotListen(let listener, let reason) = error else { throw error }
            throw .cannotListenForMetrics(listener, reason)
        }
    }

    /// Mode and owner of a socket that stays.
    static func renewFile(of plan: ListenerPlan) throws(ServerFailure) {
        guard case .unix(let path) = plan.address else { return }
        let file = try SocketFile(plan)
        do throws(Errno) {
            try file.apply(to: path)
        } catch {
            throw .cannotListen(plan, error)
        }
    }

    /// SO_REUSEPORT would let a second server take half of the connections without a word, so the first look is
    /// without it; not where it would find ourselves. It does not listen: who connected then would be cut off.
    private static func bindTCP(
        _ wanted: SocketAddress, workers: Int, isOurs: Bool
    ) throws(Errno) -> (SocketAddress, [Int32]) {
        if wanted.port != 0, !isOurs { _ = try Socket.bound(wanted, sharesPort: false) }
        let first = try Socket.listener(wanted, sharesPort: true)
        let address = try Socket.localAddress(first)
        var listeners = [first.release()]
        do throws(Errno) {
            while listeners.count < workers {
                listeners.append(try Socket.listener(address, sharesPort: true).release())
            }
        } catch {
            for listener in listeners { _ = Descriptor(owning: listener) }
            throw error
        }
        return (address, listeners)
    }

    /// Removes the file of a unix socket once its listeners are closed. Where somebody answers, another server has
    /// come meanwhile.
    static func removeFile(of address: SocketAddress) {
        guard case .unix(let path) = address, !Socket.answers(address) else { return }
        FileSystem.removeSocket(path)
    }

    /// A socket file that nobody answers at is a leftover of a server that was killed.
    private static func bindUnix(_ address: SocketAddress, _ file: SocketFile) throws(Errno) -> Int32 {
        guard case .unix(let path) = address else { throw .addressInUse }
        do throws(Errno) {
            return try Socket.listener(address, sharesPort: false, file: file).release()
        } catch {
            guard error == .addressInUse, !Socket.answers(address) else { throw error }
            guard FileSystem.removeSocket(path) else { throw .fileExists }
            return try Socket.listener(address, sharesPort: false, file: file).release()
        }
    }
}

extension SocketFile {
    /// Looks names up, which only this system can answer.
    init(_ plan: ListenerPlan) throws(ServerFailure) {
        self.init(mode: plan.mode)
        (self.user, self.group) = try Accounts.numbers(user: plan.owner, group: plan.group)
    }
}

extension ListenAddress {
    var socketAddress: SocketAddress {
        switch self {
        case .tcp(let address, let port):
            return address.socketAddress(port: port)
        case .unix(let path):
            return .unix(path: path)
        }
    }
}

extension IPAddress {
    fileprivate func socketAddress(port: UInt16) -> SocketAddress {
        guard self.isVersion6 else { return .ipv4(address: self.number, port: port) }
        let (high, low) = self.numbers
        return .ipv6(high: high, low: low, port: port)
    }
}
