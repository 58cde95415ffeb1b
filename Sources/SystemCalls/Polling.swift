internal import Glibc

/// poll(2): for commands that wait for a few things at once, a file among them, which epoll(7) does not take.
package enum Polling {
    /// Waits until one of `interests` is ready; `milliseconds` -1: as long as it takes. Gives what each of them is
    /// ready for, in the same order; nothing for all of them when the time is over or a signal came.
    package static func wait(
        _ interests: [(descriptor: CInt, readiness: Readiness)], milliseconds: CInt
    ) -> [Readiness] {
        // POLLIN, POLLOUT, POLLERR and POLLHUP have the values of their EPOLL twins.
        var entries = interests.map { pollfd(fd: $0.descriptor, events: Int16($0.readiness.bits & 0x7), revents: 0) }
        let count = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
        guard count > 0 else { return interests.map { _ in .none } }
        return entries.map { Readiness(bits: UInt32(UInt16(bitPattern: $0.revents))) }
    }
}
