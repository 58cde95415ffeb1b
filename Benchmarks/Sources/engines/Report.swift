/// Results as a table for people, line by line as they come, or as JSON for programs.
enum Report {
    private static let numberColumns = 12

    /// The first line of a table whose names are at most so long.
    static func heading(nameColumns: Int) -> String {
        Self.row("benchmark", ["ns min", "ns median", "MB/s"], nameColumns)
    }

    static func line(_ measurement: Measurement, nameColumns: Int) -> String {
        let numbers = [
            Self.decimal(measurement.minimum), Self.decimal(measurement.median),
            measurement.bytesPerSecond.map { Self.decimal($0 / 1e6) } ?? "",
        ]
        return Self.row(measurement.benchmark.name, numbers, nameColumns)
    }

    /// One object, its benchmarks in the order in which they ran.
    static func json(_ measurements: [Measurement]) -> String {
        let objects = measurements.map { measurement in
            let rate = measurement.bytesPerSecond.map { Self.decimal($0) } ?? "null"
            return """
                {"name": "\(measurement.benchmark.name)", "operations": \(measurement.operations), \
                "nanoseconds_min": \(Self.decimal(measurement.minimum)), \
                "nanoseconds_median": \(Self.decimal(measurement.median)), "bytes_per_second": \(rate)}
                """
        }
        return "{\"benchmarks\": [\n  \(objects.joined(separator: ",\n  "))\n]}"
    }

    private static func row(_ name: String, _ numbers: [String], _ nameColumns: Int) -> String {
        let first = name + String(repeating: " ", count: max(0, nameColumns - name.count))
        return numbers.reduce(first) { row, number in
            row + String(repeating: " ", count: max(1, Self.numberColumns - number.count)) + number
        }
    }

    /// With one digit behind the point.
    private static func decimal(_ value: Double) -> String {
        let tenths = Int64(min(max(value, 0), 1e15) * 10 + 0.5)
        return "\(tenths / 10).\(tenths % 10)"
    }
}
