/// What one read or write came to. EINTR is retried inside and never seen.
package enum Transfer: Equatable, Sendable {
    /// More than zero bytes moved.
    case moved(Int)
    /// EAGAIN: the kernel will say when.
    case notReady
    /// End of file.
    case ended
    case failed(Errno)
}
