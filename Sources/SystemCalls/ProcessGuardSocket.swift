internal import CLinux

/// Our end of the socket to the guardian, the process that ends our children should we die by SIGKILL.
///
/// Closing it tells the guardian that we are gone: it kills whoever bears one of the marks and exits.
package struct GuardSocket: ~Copyable, Sendable {
    private let descriptor: Descriptor
    package let guardian: ProcessID
    /// False where the kernel takes no marks: then there is nobody whom the guardian could find.
    package let canMark: Bool

    /// Starts the guardian over the bearers of `marks`. It copies the server's memory map, so early is cheap.
    package init(over marks: ClosedRange<UInt64>?) throws(Errno) {
        var socket: CInt = -1
        var canMark = false
        // an empty range: the guardian finds nobody
        let range = clx_mark_range(first: marks?.lowerBound ?? 1, last: marks?.upperBound ?? 0)
        let pid = unsafe clx_guard_start(range, &socket, &canMark)
        if pid < 0 { throw .current }
        guard let guardian = ProcessID(rawValue: pid) else {
            preconditionFailure("a started process has a pid")
        }
        self.descriptor = Descriptor(owning: socket)
        self.guardian = guardian
        self.canMark = canMark && marks != nil
    }

    /// A guardian that somebody killed would stay a zombie; a living one reads the end of the socket next.
    deinit { clx_guard_reap(self.guardian.rawValue) }

    /// False when somebody killed it.
    package var isAlive: Bool { clx_guard_lives(self.descriptor.rawValue) }
}
