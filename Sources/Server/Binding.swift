internal import Configuration
internal import SystemCalls

/// A bound address: the first socket of it, and what others need to share it.
struct Binding {
    let address: SocketAddress
    let configured: ListenAddress
    /// One a worker for TCP; a unix path has one that all workers wait on.
    let listeners: [Int32]

    init(_ configured: ListenAddress, workers: Int) throws(ServerFailure) {
        self.configured = configured
        do throws(Errno) {
            switch configured {
            case .tcp:
                (self.address, self.listeners) = try Self.bindTCP(configured.socketAddress, workers: workers)
            case .unix:
                self.address = configured.socketAddress
                self.listeners = [try Self.bindUnix(configured.socketAddress)]
            }
        } catch {
            throw .cannotListen(configured.description, error)
        }
    }

    /// SO_REUSEPORT would let a second server take half of the connections without a word, so the first look is
    /// without it.
    private static func bindTCP(
        _ wanted: SocketAddress, workers: Int
    ) throws(Errno) -> (SocketAddress, [Int32]) {
        if wanted.port != 0 { _ = try Socket.listener(wanted, sharesPort: false) }
        let first = try Socket.listener(wanted, sharesPort: true)
        let address = try Socket.localAddress(first)
        var listeners = [first.release()]
        while listeners.count < workers { listeners.append(try Socket.listener(address, sharesPort: true).release()) }
        return (address, listeners)
    }

    /// Removes the file of a unix socket once its listeners are closed. Where somebody answers, another server has
    /// come meanwhile.
    static func removeFile(of address: SocketAddress) {
        guard case .unix(let path) = address, !Socket.answers(address) else { return }
        FileSystem.removeSocket(path)
    }

    /// A socket file that nobody answers at is a leftover of a server that was killed.
    private static func bindUnix(_ address: SocketAddress) throws(Errno) -> Int32 {
        guard case .unix(let path) = address else { throw .addressInUse }
        do throws(Errno) {
            return try Socket.listener(address, sharesPort: false).release()
        } catch {
            guard error == .addressInUse, !Socket.answers(address) else { throw error }
            FileSystem.removeSocket(path)
            return try Socket.listener(address, sharesPort: false).release()
        }
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
        func word(_ range: Range<Int>) -> UInt64 { self.bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        if self.isVersion6 { return .ipv6(high: word(0..<8), low: word(8..<16), port: port) }
        return .ipv4(address: UInt32(truncatingIfNeeded: word(0..<4)), port: port)
    }
}
