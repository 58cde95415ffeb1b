internal import Glibc

extension Socket {
    /// Makes a descriptor that somebody else opened for us as ours are, non-blocking and close-on-exec, and gives the
    /// address that it listens at; nil if it is no listening stream socket.
    package static func adopt(inherited descriptor: CInt) -> SocketAddress? {
        var isListening: CInt = 0
        var kind: CInt = 0
        guard Self.option(descriptor, SO_ACCEPTCONN, &isListening), isListening != 0,
            Self.option(descriptor, SO_TYPE, &kind), kind == CInt(SOCK_STREAM.rawValue)
        else { return nil }
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
            fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
        else { return nil }
        return Self.address(listeningAt: descriptor)
    }

    /// Where a descriptor listens now; nil if it does not.
    package static func address(listeningAt descriptor: CInt) -> SocketAddress? {
        var isListening: CInt = 0
        guard Self.option(descriptor, SO_ACCEPTCONN, &isListening), isListening != 0 else { return nil }
        guard let copy = Descriptor(duplicating: descriptor) else { return nil }
        return try? Self.localAddress(copy)
    }

    /// Takes over a connected stream socket that somebody else opened for us; nil if it is none.
    package static func adopt(connected descriptor: CInt) -> Descriptor? {
        var kind: CInt = 0
        guard Self.option(descriptor, SO_TYPE, &kind), kind == CInt(SOCK_STREAM.rawValue),
            fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
        else { return nil }
        return Descriptor(owning: descriptor)
    }

    private static func option(_ descriptor: CInt, _ name: CInt, _ value: inout CInt) -> Bool {
        var length = socklen_t(MemoryLayout<CInt>.size)
        return unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0
    }

    /// Two connected stream sockets, of which neither waits (socketpair(2)).
    package static func pair() throws(Errno) -> SocketPair {
        var ends: (CInt, CInt) = (-1, -1)
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let made = unsafe withUnsafeMutablePointer(to: &ends) { pair in
            unsafe pair.withMemoryRebound(to: CInt.self, capacity: 2) { unsafe socketpair(AF_UNIX, kind, 0, $0) }
        }
        guard made == 0 else { throw .current }
        return SocketPair(one: Descriptor(owning: ends.0), other: Descriptor(owning: ends.1))
    }
}

/// Two ends of one connection.
@frozen @usableFromInline  // the ends are taken out one by one in other modules
package struct SocketPair: ~Copyable {
    package let one: Descriptor
    package let other: Descriptor
}
