// The one kernel of this module that leaves bounds checks behind: it touches every payload byte.
// Each function checks its whole range once and then uses raw loads and stores; the tests hold it
// against a slow safe twin over every alignment, length and key rotation.

/// What `unmask` learned on its way.
public struct UnmaskResult {
    /// The key rotated so that its first byte masks the byte after the last one done.
    public let key: UInt32
    /// No byte had its high bit set: the payload is ASCII, hence valid UTF-8.
    public let isASCII: Bool

    @inlinable
    public init(key: UInt32, isASCII: Bool) {
        self.key = key
        self.isASCII = isASCII
    }
}

public enum MaskingKernel {
    /// Unmasks `count` bytes at `source` and stores them at `destination`, both offsets into `window` (RFC 6455 5.3).
    ///
    ///     destination <= source, so every load comes before the store that could reach it
    ///
    /// `key` is the masking key as a little-endian word: its lowest byte masks the first payload byte.
    @inlinable @inline(__always)
    public static func unmask(
        _ window: inout MutableSpan<UInt8>, from source: Int, count: Int, to destination: Int, key: UInt32
    ) -> UnmaskResult {
        precondition(0 <= destination && destination <= source && count >= 0 && source <= window.count - count)
        return unsafe window.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return UnmaskResult(key: key, isASCII: true) }
            return unsafe Self.unmask(
                from: UnsafeRawPointer(base + source), count: count, to: base + destination, key: key)
        }
    }

    /// The same from a window into another buffer, which must not overlap it.
    @inlinable
    public static func unmask(
        _ window: borrowing MutableSpan<UInt8>, from source: Int, count: Int,
        into output: inout MutableSpan<UInt8>, at destination: Int, key: UInt32
    ) -> UnmaskResult {
        precondition(source >= 0 && count >= 0 && source <= window.count - count)
        precondition(destination >= 0 && destination <= output.count - count)
        return unsafe window.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { bytes in
                guard let from = input.baseAddress, let to = bytes.baseAddress else {
                    return UnmaskResult(key: key, isASCII: true)
                }
                return unsafe Self.unmask(from: from + source, count: count, to: to + destination, key: key)
            }
        }
    }

    @inlinable @inline(__always)
    static func unmask(
        from: UnsafeRawPointer, count: Int, to: UnsafeMutableRawPointer, key: UInt32
    ) -> UnmaskResult {
        let word = UInt64(key) << 32 | UInt64(key)
        var done = 0
        var highBits: UInt64 = 0
        if count >= 64 {
            let mask = SIMD8<UInt64>(repeating: word)
            var seen = SIMD8<UInt64>(repeating: 0)
            repeat {
                let plain = unsafe (from + done).loadUnaligned(as: SIMD8<UInt64>.self) ^ mask
                seen |= plain
                unsafe (to + done).storeBytes(of: plain, as: SIMD8<UInt64>.self)
                done &+= 64
            } while done <= count &- 64
            let half = seen.lowHalf | seen.highHalf
            let quarter = half.lowHalf | half.highHalf
            highBits = quarter[0] | quarter[1]
        }
        while done <= count &- 8 {
            let plain = unsafe (from + done).loadUnaligned(as: UInt64.self) ^ word
            highBits |= plain
            unsafe (to + done).storeBytes(of: plain, as: UInt64.self)
            done &+= 8
        }
        var rest = word
        while done < count {
            let plain = unsafe (from + done).load(as: UInt8.self) ^ UInt8(truncatingIfNeeded: rest)
            highBits |= UInt64(plain)
            unsafe (to + done).storeBytes(of: plain, as: UInt8.self)
            rest >>= 8
            done &+= 1
        }
        let rotation = UInt32(truncatingIfNeeded: (count & 3) * 8)
        let rotated = rotation == 0 ? key : key >> rotation | key << (32 - rotation)
        return UnmaskResult(key: rotated, isASCII: highBits & 0x8080_8080_8080_8080 == 0)
    }

    /// The four bytes at `offset` as a little-endian word.
    @inlinable @inline(__always)
    public static func word(_ window: borrowing MutableSpan<UInt8>, at offset: Int) -> UInt32 {
        precondition(offset >= 0 && offset <= window.count - 4)
        return unsafe window.withUnsafeBytes { bytes in
            unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }

    /// The eight bytes at `offset` as a little-endian word.
    @inlinable @inline(__always)
    public static func doubleWord(_ window: borrowing MutableSpan<UInt8>, at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset <= window.count - 8)
        return unsafe window.withUnsafeBytes { bytes in
            unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
    }
}
