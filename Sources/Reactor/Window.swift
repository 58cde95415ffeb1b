internal import SystemCalls

/// Memory of fixed size that a worker lends for one call at a time.
final class Window {
    private var memory: ZeroedMemory
    /// True exactly while `lend` runs: two users at a time would overwrite each other.
    private var isLent = false

    init(count: Int) { self.memory = ZeroedMemory(count: count) }

    func lend(_ body: (inout MutableSpan<UInt8>) -> Void) {
        precondition(!self.isLent, "a window has one user at a time")
        self.isLent = true
        var bytes = self.memory.bytes
        body(&bytes)
        self.isLent = false
    }
}
