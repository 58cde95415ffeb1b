/// The text that Prometheus reads: exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
extension MetricFamily {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Appends the family; nothing when it has no sample.
    package func append(to output: inout [UInt8]) {
        guard !self.samples.isEmpty else { return }
        let name = self.definition.name.utf8
        output.append(contentsOf: "# HELP ".utf8)
        output.append(contentsOf: name)
        output.append(UInt8(ascii: " "))
        Self.append(self.definition.help, escapesQuote: false, to: &output)
        output.append(contentsOf: "\n# TYPE ".utf8)
        output.append(contentsOf: name)
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: self.definition.kind.rawValue.utf8)
        output.append(UInt8(ascii: "\n"))
        for sample in self.samples {
            output.append(contentsOf: name)
            self.appendLabels(sample.labels, to: &output)
            output.append(UInt8(ascii: " "))
            sample.value.append(to: &output)
            output.append(UInt8(ascii: "\n"))
        }
    }

    /// `{route="/",code="1000"}`
    private func appendLabels(_ values: [String], to output: inout [UInt8]) {
        guard !values.isEmpty else { return }
        var separator = UInt8(ascii: "{")
        for (label, value) in zip(self.definition.labels, values) {
            output.append(separator)
            output.append(contentsOf: label.utf8)
            output.append(contentsOf: "=\"".utf8)
            Self.append(value, escapesQuote: true, to: &output)
            output.append(UInt8(ascii: "\""))
            separator = UInt8(ascii: ",")
        }
        output.append(UInt8(ascii: "}"))
    }

    /// A backslash, a line feed and, within quotes, a quote are escaped; nothing else may be.
    private static func append(_ text: String, escapesQuote: Bool, to output: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): output.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\n"): output.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\"") where escapesQuote: output.append(contentsOf: "\\\"".utf8)
            case _: output.append(byte)
            }
        }
    }
}

extension MetricValue {
    fileprivate func append(to output: inout [UInt8]) {
        switch self {
        case .count(let number):
            output.appendDecimal(Int64(clamping: number))
        case .nanoseconds(let number):
            output.appendDecimal(Int64(number / 1_000_000_000))
            output.append(UInt8(ascii: "."))
            output.appendDecimal(Int64(number % 1_000_000_000), digitsMin: 9)
        }
    }
}
