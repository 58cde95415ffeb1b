/// Memory that is lent for one call at a time, full of rubbish before each.
@safe
final class SimulatedWindow {
    /// Enough to fill what lies in front of the input, where a decoder may look by mistake.
    private static let rubbishCount = 256

    private let storage: UnsafeMutableBufferPointer<UInt8>
    private var isLent = false

    init(count: Int) {
        unsafe self.storage = .allocate(capacity: count)
        unsafe self.storage.initialize(repeating: 0xA5)
    }

    deinit { unsafe self.storage.deallocate() }

    func lend(_ body: (inout MutableSpan<UInt8>) -> Void) {
        precondition(!self.isLent, "a window has one user at a time")
        self.isLent = true
        var bytes = unsafe MutableSpan<UInt8>(_unsafeElements: self.storage)
        for index in 0..<Self.rubbishCount { bytes[index] = 0xA5 }
        body(&bytes)
        self.isLent = false
    }
}
