internal import Glibc

/// A file descriptor with exactly one owner: leaving scope closes it, `release()` gives it away.
@safe
@usableFromInline
package struct Descriptor: ~Copyable, Sendable {
    package let rawValue: CInt

    /// Takes ownership of `rawValue`, which must be open and owned by nobody else.
    package init(owning rawValue: CInt) {
        precondition(rawValue >= 0, "a descriptor is never negative")
        self.rawValue = rawValue
    }

    /// A further descriptor of what `other` stands for (dup(2), close-on-exec); nil when there is none left.
    package init?(duplicating other: CInt) {
        let raw = fcntl(other, F_DUPFD_CLOEXEC, 0)
        guard raw >= 0 else { return nil }
        self.rawValue = raw
    }

    deinit { _ = close(self.rawValue) }

    /// Gives the descriptor away; the caller closes it.
    package consuming func release() -> CInt {
        let rawValue = self.rawValue
        discard self
        return rawValue
    }
}
