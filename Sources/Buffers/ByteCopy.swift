/// memcpy between spans, with their bounds checked once.
public enum ByteCopy {
    /// Copies all of `source` to `offset` of `target`.
    @inlinable
    public static func copy(_ source: Span<UInt8>, into target: inout MutableSpan<UInt8>, at offset: Int) {
        precondition(offset >= 0 && source.count <= target.count - offset)
        unsafe target.withUnsafeMutableBytes { to in
            unsafe source.withUnsafeBytes { from in
                guard let to = to.baseAddress, let from = from.baseAddress else { return }
                unsafe (to + offset).copyMemory(from: from, byteCount: source.count)
            }
        }
    }
}
