package import SystemCalls

/// What happens when a child's pidfd becomes readable, on the worker that owns the session.
package enum ChildEnd {
    /// Asks the rest of the group to end too, then reaps the child; nil when it still runs: a readable pidfd
    /// says that it does not.
    ///
    /// In this order: while the child is a zombie nobody else can have its pid, so the signal reaches our
    /// group or nobody. After this the session goes to `Undertaker.bury`.
    package static func collect(
        _ pid: ProcessID, _ pidfd: borrowing Descriptor
    ) throws(Errno) -> ExitStatus? {
        try? pid.sendToGroup(.terminate)
        return try ExitStatus.reap(pidfd)
    }
}
