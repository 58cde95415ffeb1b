/// Counts times in nanoseconds, none of them off by more than 1/128 when it is read back.
///
///     below 256: a bucket each;  above: 128 buckets between two powers of two
package struct LatencyHistogram: Sendable {
    private static let precisionBits: UInt64 = 7
    /// For every power of two of 64 bits.
    private static let buckets = 58 * 128 + 128

    private var counts = [UInt64](repeating: 0, count: LatencyHistogram.buckets)
    package private(set) var count: UInt64 = 0
    package private(set) var max: UInt64 = 0

    package init() {}

    package mutating func record(_ nanoseconds: UInt64) {
        self.counts[Self.bucket(of: nanoseconds)] &+= 1
        self.count &+= 1
        self.max = Swift.max(self.max, nanoseconds)
    }

    /// The time within which `share` (0...1) of all lie; 0 when there are none.
    package func quantile(_ share: Double) -> UInt64 {
        guard self.count > 0 else { return 0 }
        let wanted = Swift.max(1, (Double(self.count) * share).rounded(.up))
        var seen: UInt64 = 0
        for (bucket, count) in self.counts.enumerated() where count > 0 {
            seen &+= count
            if Double(seen) >= wanted { return Swift.min(Self.upperBound(of: bucket), self.max) }
        }
        return self.max
    }

    static func bucket(of value: UInt64) -> Int {
        let bits = 64 - UInt64(value.leadingZeroBitCount)
        guard bits > Self.precisionBits + 1 else { return Int(value) }
        let shift = bits - Self.precisionBits - 1
        return Int(shift << Self.precisionBits + value >> shift)
    }

    /// The largest value of a bucket.
    static func upperBound(of bucket: Int) -> UInt64 {
        let index = UInt64(bucket)
        guard index >= 2 << Self.precisionBits else { return index }
        let shift = index >> Self.precisionBits - 1
        let mantissa = index - shift << Self.precisionBits
        return (mantissa + 1) << shift &- 1
    }
}
