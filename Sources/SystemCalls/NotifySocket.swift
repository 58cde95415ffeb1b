internal import CLinux
internal import Glibc

/// Where a service manager listens for what a service says of itself (sd_notify(3)): a datagram socket by a path, or by
/// a name in the abstract name space.
package struct NotifySocket: Sendable {
    /// `sun_path`, without the zero behind a path.
    private let name: [UInt8]

    /// `address` is NOTIFY_SOCKET: `/path` or `@name`; nil for what is neither, or too long.
    package init?(_ address: [UInt8]) {
        guard let first = address.first, address.count <= SocketAddress.unixPathBytesMax, address.count > 1 else {
            return nil
        }
        switch first {
        case UInt8(ascii: "/"): self.name = address
        case UInt8(ascii: "@"): self.name = [0] + address.dropFirst()
        case _: return nil
        }
    }

    /// Sends one message. A manager that takes nothing is waited for at most `milliseconds`; 0: not at all.
    ///
    /// A socket each time: the manager may have begun anew since the last message.
    package func send(_ text: String, milliseconds: Int) throws(Errno) {
        let raw = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw .current }
        let descriptor = Descriptor(owning: raw)
        var flags = CInt(MSG_NOSIGNAL)
        if milliseconds > 0 {
            var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
            let length = socklen_t(MemoryLayout<timeval>.size)
            _ = unsafe setsockopt(descriptor.rawValue, SOL_SOCKET, SO_SNDTIMEO, &time, length)
        } else {
            flags |= CInt(MSG_DONTWAIT)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: self.name) }
        // A name in the abstract name space is as long as we say; the zeroes behind would belong to it.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + self.name.count)
        let bytes = Array(text.utf8)
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe sendto(descriptor.rawValue, bytes, bytes.count, flags, $0, length)
            }
        }
        guard sent == bytes.count else { throw .current }
    }
}
