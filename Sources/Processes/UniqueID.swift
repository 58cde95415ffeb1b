/// The 128 random bits that name a session: in the logs, in the child's environment, and where orphans are
/// sought.
@usableFromInline
package struct UniqueID: Hashable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    /// Randomness is an argument: the caller draws both halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 32 lower-case hexadecimal digits; the guardian reads exactly this form back from /proc/PID/environ.
    @usableFromInline
    package var description: String {
        Self.digits(self.high) + Self.digits(self.low)
    }

    private static func digits(_ half: UInt64) -> String {
        let digits = String(half, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
