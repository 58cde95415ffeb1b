internal import Glibc

/// Memory of fixed size that begins as zeros. Pages of a large one take no memory before they are touched (calloc(3)).
@safe
package struct ZeroedMemory: ~Copyable {
    private let storage: UnsafeMutableBufferPointer<UInt8>

    /// Without memory there is nothing to go on with, as for every other allocation.
    package init(count: Int) {
        guard let base = unsafe calloc(count, 1) else { preconditionFailure("out of memory") }
        unsafe self.storage = UnsafeMutableBufferPointer(
            start: base.bindMemory(to: UInt8.self, capacity: count), count: count)
    }

    deinit { unsafe free(self.storage.baseAddress) }

    package var bytes: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get {
            let span = unsafe MutableSpan<UInt8>(_unsafeElements: self.storage)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }
}
