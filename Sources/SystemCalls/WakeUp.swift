internal import CLinux
internal import Glibc

/// An eventfd(2): any thread rings, the owner's epoll set hears it. Registered with `Readiness.once` it need not be
/// read: each ring is an event of its own.
package struct WakeUp: ~Copyable, Sendable {
    package let descriptor: Descriptor

    package init() throws(Errno) {
        let raw = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard raw >= 0 else { throw .current }
        self.descriptor = Descriptor(owning: raw)
    }

    package borrowing func ring() {
        var one: UInt64 = 1
        // EAGAIN means that the counter is full: the owner has not looked yet, but it will.
        _ = unsafe write(self.descriptor.rawValue, &one, 8)
    }
}
