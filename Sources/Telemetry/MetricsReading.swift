/// A page of metrics as a reader has it: every sample of a text in exposition format 0.0.4.
package struct MetricsReading: Equatable, Sendable {
    package struct Label: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    package struct Sample: Equatable, Sendable {
        package let name: String
        package let labels: [Label]
        package let value: Double

        /// The value of a label; nil when it has no such label.
        package func label(_ name: String) -> String? { self.labels.first { $0.name == name }?.value }
    }

    package private(set) var samples: [Sample] = []

    /// Reads a whole page; a violation names the first line that is no metric.
    package init(parsing text: [UInt8]) throws(MetricsViolation) {
        var number = 0
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var scanner = LineScanner(line)
            scanner.skipBlanks()
            // A comment, and HELP and TYPE, which are comments too.
            guard let first = scanner.next, first != UInt8(ascii: "#") else { continue }
            guard let sample = scanner.takeSample() else { throw MetricsViolation(line: number) }
            self.samples.append(sample)
        }
    }

    /// All samples of a metric.
    package func all(_ name: String) -> [Sample] { self.samples.filter { $0.name == name } }
}

/// A line that is no sample, no comment and not empty. Counted from 1.
package struct MetricsViolation: Error, Equatable {
    package let line: Int
}

/// Takes one line apart, from its front.
private struct LineScanner {
    private var rest: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) { self.rest = line }

    var next: UInt8? { self.rest.first }

    mutating func skipBlanks() {
        self.rest = self.rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// `name{label="value",…} value [timestamp]`
    mutating func takeSample() -> MetricsReading.Sample? {
        guard let name = self.takeName(), let labels = self.takeLabels() else { return nil }
        self.skipBlanks()
        guard let value = self.takeNumber() else { return nil }
        self.skipBlanks()
        if self.next != nil {
            guard self.takeNumber() != nil else { return nil }
            self.skipBlanks()
        }
        guard self.rest.isEmpty else { return nil }
        return MetricsReading.Sample(name: name, labels: labels, value: value)
    }

    private mutating func takeName() -> String? {
        let name = self.rest.prefix(while: Self.isNameByte)
        guard let first = name.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
        self.rest = self.rest[name.endIndex...]
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func takeLabels() -> [MetricsReading.Label]? {
        self.skipBlanks()
        guard self.take(UInt8(ascii: "{")) else { return [] }
        var labels: [MetricsReading.Label] = []
        while true {
            self.skipBlanks()
            if self.take(UInt8(ascii: "}")) { return labels }
            guard let name = self.takeName() else { return nil }
            self.skipBlanks()
            guard self.take(UInt8(ascii: "=")) else { return nil }
            self.skipBlanks()
            guard let value = self.takeQuoted() else { return nil }
            labels.append(MetricsReading.Label(name: name, value: value))
            self.skipBlanks()
            if !self.take(UInt8(ascii: ",")), self.next != UInt8(ascii: "}") { return nil }
        }
    }

    private mutating func takeQuoted() -> String? {
        guard self.take(UInt8(ascii: "\"")) else { return nil }
        var bytes: [UInt8] = []
        while let byte = self.rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                switch self.rest.popFirst() {
                case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
                case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
                case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
                case _: return nil
                }
            case _: bytes.append(byte)
            }
        }
        return nil
    }

    private mutating func takeNumber() -> Double? {
        let digits = self.rest.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        self.rest = self.rest[digits.endIndex...]
        return Double(String(decoding: digits, as: UTF8.self))
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.rest = self.rest.dropFirst()
        return true
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        case _: false
        }
    }
}
