internal import Configuration

/// Rows under a heading, each column as wide as its widest cell. The first column reads from the left, the others are
/// numbers and end at the right.
struct TextTable {
    private var rows: [[String]]

    init(_ heading: [String]) { self.rows = [heading] }

    mutating func add(_ row: [String]) { self.rows.append(row.map(\.controlsEscaped)) }

    var lines: [String] {
        let columns = self.rows.first?.indices ?? 0..<0
        let widths = columns.map { column in self.rows.map { $0[column].count }.max() ?? 0 }
        return self.rows.map { row in
            columns.map { column in
                let blanks = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + blanks : blanks + row[column]
            }
            .joined(separator: "  ")
        }
    }
}

/// Numbers as people read them.
enum Quantity {
    /// `812 B`, `1.2 KiB`, `34 MiB`: two digits or three.
    static func bytes(_ count: UInt64) -> String {
        guard count >= 1024 else { return "\(count) B" }
        var rest = Double(count) / 1024
        var units = ["KiB", "MiB", "GiB", "TiB"][...]
        while rest >= 1023.5, units.count > 1 {
            rest /= 1024
            units.removeFirst()
        }
        return "\(Self.short(rest)) \(units.first ?? "")"
    }

    /// `3d 4h`, `5h 12m`, `2m 7s`, `9s`: the two largest units.
    static func duration(seconds: Double) -> String {
        let total = seconds > 0 && seconds < 1e12 ? Int(seconds) : 0
        let parts = [(total / 86_400, "d"), (total / 3600 % 24, "h"), (total / 60 % 60, "m"), (total % 60, "s")]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).map { "\($0.0)\($0.1)" }
        return shown.isEmpty ? "0s" : shown.joined(separator: " ")
    }

    /// `0.8 s`, `12 s`
    static func seconds(_ seconds: Double) -> String { "\(Self.short(seconds)) s" }

    /// One decimal below ten.
    private static func short(_ value: Double) -> String {
        guard value < 9.95 else { return value < 1e15 ? "\(Int(value.rounded()))" : "many" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
