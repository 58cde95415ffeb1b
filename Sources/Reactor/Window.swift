/// Memory of fixed size that a worker lends for one call at a time.
@safe
final class Window {
    private let storage: UnsafeMutableBufferPointer<UInt8>
    /// True exactly while `lend` runs: two users at a time would overwrite each other.
    private var isLent = false

    init(count: Int) {
        unsafe self.storage = .allocate(capacity: count)
        unsafe self.storage.initialize(repeating: 0)
    }

    deinit { unsafe self.storage.deallocate() }

    func lend(_ body: (inout MutableSpan<UInt8>) -> Void) {
        precondition(!self.isLent, "a window has one user at a time")
        self.isLent = true
        var bytes = unsafe MutableSpan<UInt8>(_unsafeElements: self.storage)
        body(&bytes)
        self.isLent = false
    }
}
