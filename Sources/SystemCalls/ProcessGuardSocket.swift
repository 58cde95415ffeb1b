internal import CLinux

/// Our end of the socket to the guardian, the process that ends our children should we die by SIGKILL.
///
/// Closing it tells the guardian that we are gone: it kills what is still on its list and exits, at once when
/// the list is empty.
package struct GuardSocket: ~Copyable, Sendable {
    package let descriptor: Descriptor
    package let guardian: ProcessID

    /// Starts the guardian. It copies the server's memory map, so early is cheap.
    package init() throws(Errno) {
        var socket: CInt = -1
        let pid = unsafe clx_guard_start(&socket)
        if pid < 0 { throw .current }
        guard let guardian = ProcessID(rawValue: pid) else {
            preconditionFailure("a started process has a pid")
        }
        self.descriptor = Descriptor(owning: socket)
        self.guardian = guardian
    }

    /// A guardian that somebody killed would stay a zombie; a living one reads the end of the socket next.
    deinit { clx_guard_reap(self.guardian.rawValue) }

    package enum Verb { case add, remove }

    /// Never blocks: `.wouldBlock` when the guardian lags behind, `.brokenPipe` when somebody killed it.
    package borrowing func tell(
        _ verb: Verb, _ pid: ProcessID, id: (high: UInt64, low: UInt64)
    ) throws(Errno) {
        var message = clx_guard_message()
        message.verb = switch verb {
        case .add: CLX_GUARD_ADD.rawValue
        case .remove: CLX_GUARD_REMOVE.rawValue
        }
        message.pid = pid.rawValue
        message.id = (id.high, id.low)
        if unsafe clx_guard_tell(self.descriptor.rawValue, &message, false) != 0 { throw .current }
    }
}
