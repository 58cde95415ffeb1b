/// A number of bytes: `100`, `64KiB`, `1MiB`, `2GiB`.
package struct ByteCount: OptionValue, Comparable, Hashable {
    package let bytes: Int

    package init(bytes: Int) { self.bytes = bytes }
    package static func kibibytes(_ count: Int) -> Self { Self(bytes: count << 10) }
    package static func mebibytes(_ count: Int) -> Self { Self(bytes: count << 20) }
    package static func gibibytes(_ count: Int) -> Self { Self(bytes: count << 30) }

    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    package init(parsing text: String) throws(ValueFault) {
        let remedy = "write bytes like 100, 64KiB, 1MiB or 2GiB"
        guard let scaled = ScaledNumber(text) else {
            throw ValueFault("not a number of bytes", remedy: remedy)
        }
        let factor: Int
        if scaled.unit.isEmpty {
            factor = 1
        } else if let unit = Self.units.first(where: { $0.name == scaled.unit }) {
            factor = unit.bytes
        } else {
            throw ValueFault("unknown unit '\(scaled.unit)'", remedy: remedy)
        }
        guard let bytes = scaled.scaled(by: UInt64(factor), max: UInt64(Int.max)) else {
            throw ValueFault("larger than this machine can count", remedy: remedy)
        }
        self.bytes = Int(bytes)
    }

    /// In the largest unit that says it exactly.
    package var description: String {
        for unit in Self.units where self.bytes > 0 && self.bytes.isMultiple(of: unit.bytes) {
            return "\(self.bytes / unit.bytes)\(unit.name)"
        }
        return "\(self.bytes)"
    }

    package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
}
