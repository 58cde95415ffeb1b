package import HTTPSemantics

/// A file as it was when it was opened: what its validators are made of.
package struct FileVersion: Hashable, Sendable {
    /// Bytes.
    package let size: Int64
    package let modified: HTTPDate
    package let tag: EntityTag

    /// Nanoseconds that a file may have been changed in again without its time showing it: the kernel stamps by the
    /// tick. A tag of one that is younger is weak.
    private static let settlingTime: Int64 = 1_000_000_000

    /// `coding` is the ending of a compressed file that stands for another: its tag must differ from that one's.
    /// `now` is the time of day in nanoseconds since 1970.
    package init(
        size: Int64, modifiedSeconds: Int64, modifiedNanoseconds: UInt32, coding: String? = nil, now: Int64
    ) {
        self.size = max(0, size)
        // A time in the future cannot be a validator (RFC 9110 section 8.8.2.1).
        self.modified = HTTPDate(seconds: min(modifiedSeconds, now / 1_000_000_000))
        let stamp = UInt64(bitPattern: modifiedSeconds &* 1_000_000_000 &+ Int64(modifiedNanoseconds))
        var opaque: [UInt8] = []
        opaque.reserveCapacity(40)
        opaque.append(UInt8(ascii: "\""))
        Self.append(stamp, to: &opaque)
        opaque.append(UInt8(ascii: "-"))
        Self.append(UInt64(self.size), to: &opaque)
        if let coding {
            opaque.append(UInt8(ascii: "-"))
            opaque += coding.utf8
        }
        opaque.append(UInt8(ascii: "\""))
        let age = now.subtractingReportingOverflow(Int64(bitPattern: stamp))
        self.tag = EntityTag(opaque: opaque, isWeak: !age.overflow && age.partialValue < Self.settlingTime)
    }

    /// Hexadecimal without leading zeros.
    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var shift = max(0, 64 - number.leadingZeroBitCount - 1) / 4 * 4
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            shift -= 4
        }
    }
}
