/// A length of time: `250ms`, `30s`, `5m`, `1h`, `1d`.
package struct TimeSpan: OptionValue, Comparable, Hashable {
    package let nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }
    package static func milliseconds(_ count: UInt64) -> Self { Self(nanoseconds: count * 1_000_000) }
    package static func seconds(_ count: UInt64) -> Self { Self(nanoseconds: count * 1_000_000_000) }
    package static func minutes(_ count: UInt64) -> Self { .seconds(count * 60) }
    package static func hours(_ count: UInt64) -> Self { .seconds(count * 3600) }
    package static func days(_ count: UInt64) -> Self { .hours(count * 24) }

    private static let units: [(name: String, nanoseconds: UInt64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
        ("ms", 1_000_000), ("us", 1000), ("ns", 1),
    ]

    package init(parsing text: String) throws(ValueFault) {
        let remedy = "write a number and its unit, like 250ms, 30s, 5m or 1h"
        guard let scaled = ScaledNumber(text) else {
            throw ValueFault("not a length of time", remedy: remedy)
        }
        guard !scaled.unit.isEmpty else {
            throw ValueFault(
                "has no unit", remedy: "write \(text)s for seconds or \(text)ms for milliseconds")
        }
        guard let unit = Self.units.first(where: { $0.name == scaled.unit }) else {
            throw ValueFault("unknown unit '\(scaled.unit)'", remedy: remedy)
        }
        // Deadlines are sums of a clock and a span in 64 bits: half the range leaves room for the clock.
        guard let nanoseconds = scaled.scaled(by: unit.nanoseconds, max: UInt64(Int64.max / 2)) else {
            throw ValueFault("longer than 146 years", remedy: remedy)
        }
        self.nanoseconds = nanoseconds
    }

    /// In the largest unit that says it exactly.
    package var description: String {
        for unit in Self.units where self.nanoseconds > 0 && self.nanoseconds.isMultiple(of: unit.nanoseconds)
        {
            return "\(self.nanoseconds / unit.nanoseconds)\(unit.name)"
        }
        return "0s"
    }

    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}
