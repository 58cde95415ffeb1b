internal import Glibc

// connect(2) without waiting.
extension Socket {
    /// How far a connection got at once.
    package enum Connecting: Equatable, Sendable {
        case connected
        /// The socket is writable when it is decided; `connectError` says how.
        case underWay
        /// A unix socket whose queue is full: nothing is under way, ask again (connect(2), EAGAIN).
        case queueFull
    }

    /// A socket that does not wait, nor is inherited.
    package static func outgoing(_ address: SocketAddress, _ options: SocketOptions) throws(Errno) -> Descriptor {
        let descriptor = try Self.open(address)
        if case .unix = address { return descriptor }
        Self.disableDelay(descriptor)
        if let keepAlive = options.keepAlive, !address.isThisMachine {
            Self.set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
            let protocolNumber = CInt(IPPROTO_TCP)
            Self.set(descriptor, protocolNumber, TCP_KEEPIDLE, CInt(clamping: keepAlive.idleSeconds))
            Self.set(descriptor, protocolNumber, TCP_KEEPINTVL, CInt(clamping: keepAlive.intervalSeconds))
            Self.set(descriptor, protocolNumber, TCP_KEEPCNT, CInt(clamping: keepAlive.questionsMax))
        }
        return descriptor
    }

    package static func beginConnecting(_ descriptor: CInt, to address: SocketAddress) throws(Errno) -> Connecting {
        if case .unix(let path) = address, path.utf8.count > SocketAddress.unixPathBytesMax { throw .nameTooLong }
        guard unsafe address.withCAddress({ unsafe Glibc.connect(descriptor, $0, $1) }) != 0 else { return .connected }
        let error = Errno.current
        switch error {
        // A signal does not stop what has begun (connect(2)).
        case .inProgress, .interrupted: return .underWay
        case .wouldBlock:
            // For TCP it says that no local port is left.
            guard case .unix = address else { throw error }
            return .queueFull
        case _: throw error
        }
    }

    /// What became of a connection under way; nil: it stands. SO_ERROR of socket(7)
    package static func connectError(_ descriptor: CInt) -> Errno? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &value, &length) == 0 else { return .current }
        return value == 0 ? nil : Errno(rawValue: value)
    }
}
