/// What one read or write came to. EINTR is retried inside and never seen.
package enum Transfer: Equatable, Sendable {
    /// More than zero bytes moved.
    case moved(Int)
    /// EAGAIN: the kernel will say when.
    case notReady
    /// End of file.
    case ended
    case failed(Errno)

    /// What a call of read(2)'s kind came to: bytes moved, 0 at the end, -1 and errno.
    @inline(__always)
    static func retrying(_ call: () -> Int) -> Transfer {
        while true {
            let result = call()
            if result > 0 { return .moved(result) }
            if result == 0 { return .ended }
            let error = Errno.current
            if error == .interrupted { continue }
            return error == .wouldBlock ? .notReady : .failed(error)
        }
    }
}
