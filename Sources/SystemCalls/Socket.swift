internal import CLinux
internal import Glibc

/// socket(2), bind(2), listen(2), accept4(2), shutdown(2) and the socket options in use.
package enum Socket {
    /// Connections the kernel queues for us while a turn runs (listen(2), bounded by net.core.somaxconn).
    package static let backlog: CInt = 4096

    /// A listening socket. With `sharesPort` others of ours bind the same port and the kernel spreads connections.
    /// `file` is for a unix path: nobody can connect before its mode and owner are right.
    package static func listener(
        _ address: SocketAddress, sharesPort: Bool, file: SocketFile = SocketFile()
    ) throws(Errno) -> Descriptor {
        let descriptor = try Self.bound(address, sharesPort: sharesPort)
        if case .unix(let path) = address { try file.apply(to: path) }
        guard listen(descriptor.rawValue, Self.backlog) == 0 else { throw .current }
        return descriptor
    }

    /// A socket that has the address and listens to nobody (bind(2)): whoever connects is refused.
    package static func bound(_ address: SocketAddress, sharesPort: Bool) throws(Errno) -> Descriptor {
        let descriptor = try Self.open(address)
        Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if sharesPort { Self.set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
        if case .ipv6 = address { Self.set(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        let bound = unsafe address.withCAddress { unsafe bind(descriptor.rawValue, $0, $1) }
        guard bound == 0 else { throw .current }
        return descriptor
    }

    static func open(_ address: SocketAddress) throws(Errno) -> Descriptor {
        let family: CInt
        switch address {
        case .ipv4: family = AF_INET
        case .ipv6: family = AF_INET6
        case .unix: family = AF_UNIX
        }
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = socket(family, type, 0)
        guard raw >= 0 else { throw .current }
        return Descriptor(owning: raw)
    }

    /// Whether somebody answers at a unix path: then it is in use, else a leftover.
    package static func answers(_ address: SocketAddress) -> Bool {
        guard let descriptor = try? Self.open(address) else { return false }
        return unsafe address.withCAddress { unsafe connect(descriptor.rawValue, $0, $1) } == 0
    }

    /// The next connection and who it is from; nil when none waits.
    package static func accept(
        _ listener: borrowing Descriptor
    ) throws(Errno) -> (descriptor: CInt, peer: SocketAddress)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let flags = CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe clinux_accept4(listener.rawValue, $0, &length, flags)
            }
        }
        if raw >= 0 { return (raw, SocketAddress(storage) ?? .unix(path: "")) }
        let error = Errno.current
        // A connection that died in the queue is no failure of the listener (accept(2)).
        switch error {
        case .wouldBlock, .interrupted, .connectionAborted: return nil
        default: throw error
        }
    }

    /// The address a listener got, above all its port when it asked for 0.
    package static func localAddress(_ descriptor: borrowing Descriptor) throws(Errno) -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor.rawValue, $0, &length)
            }
        }
        guard result == 0, let address = SocketAddress(storage) else { throw .current }
        return address
    }

    /// TCP_NODELAY: frames leave when they are written. Connections have it from their listener.
    package static func disableDelay(_ descriptor: borrowing Descriptor) {
        Self.set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// shutdown(2) of the sending side.
    package static func finishSending(_ socket: CInt) {
        _ = shutdown(socket, CInt(SHUT_WR))
    }

    /// Bytes the peer has not acknowledged (SIOCOUTQ); nil where the kernel does not say.
    package static func unacknowledged(_ socket: CInt) -> Int? {
        let count = clinux_unacknowledged(socket)
        return count >= 0 ? Int(count) : nil
    }

    /// Takes no new connections from now on; those that wait, or whose handshake is under way, can still be accepted.
    /// Who comes now tries again in a second (`clinux_drop_newcomers`). Nothing happens where there is no TCP.
    package static func dropNewcomers(_ listener: borrowing Descriptor) {
        _ = clinux_drop_newcomers(listener.rawValue)
    }

    static func set(_ descriptor: borrowing Descriptor, _ level: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        _ = unsafe setsockopt(descriptor.rawValue, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }
}
