// "public", and "frozen" below, let other modules take the descriptors out one by one; nothing leaves the
// package.
public import SystemCalls

/// A running child and our ends of its streams, all close-on-exec, the streams non-blocking.
///
/// Whoever holds it owes two things: `ChildEnd.collect` when the pidfd becomes readable, and
/// `Undertaker.bury` after.
@frozen @usableFromInline
package struct SpawnedChild: ~Copyable, Sendable {
    /// What `Undertaker.bury` finds the rest of the session by.
    package let mark: DescentMark
    package let pid: ProcessID
    package var pidfd: Descriptor
    package let isTerminal: Bool
    /// Of a terminal, `stdin` and `stdout` are the same master: closing one is no end of file, VEOF (0x04)
    /// is.
    package var stdin: Descriptor
    package var stdout: Descriptor
    package var stderr: Descriptor?
}

/// The one answer that every submitted request gets.
package enum SpawnReply: ~Copyable, Sendable {
    case started(SpawnedChild)
    case failed(SpawnError)
}
