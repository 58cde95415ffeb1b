internal import Glibc

/// Finds a byte at the speed of the C library.
///
/// The one place of this module that leaves safe Swift, because finding line ends is most of what `lines`
/// costs: per 64-byte line 7 ns against 17 of the best safe loop tried, per 64 KiB line 0.8 µs against 10.6
/// (`memchr` chooses AVX2 at run time, our code is compiled for every x86-64). The tests hold its slow safe
/// twin.
enum ByteSearch {
    /// The first position of `byte` in `range`, which must lie inside `bytes`.
    @inline(__always)
    static func first(_ byte: UInt8, in bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range beyond the bytes")
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            // An empty span has no base address; there is nothing to find in it either.
            guard let base = buffer.baseAddress else { return nil }
            guard let hit = unsafe memchr(base + range.lowerBound, CInt(byte), range.count) else {
                return nil
            }
            return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
        }
    }
}
