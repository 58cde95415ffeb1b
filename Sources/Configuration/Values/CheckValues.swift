/// The value of `--check-path`: a path, and a query if there is one, as they stand in a request.
struct CheckTarget: OptionValue {
    let text: String
    var description: String { self.text }

    init(parsing text: String) throws(ValueFault) {
        guard text.hasPrefix("/"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw ValueFault("not a path", remedy: "write one like /healthz, escaped as in a URL")
        }
        self.text = text
    }
}

/// The value of `--check-host`.
struct CheckHost: OptionValue {
    let text: String
    var description: String { self.text }

    init(parsing text: String) throws(ValueFault) {
        guard AccessNames.mayBeAuthority(text) else {
            throw ValueFault("not a host", remedy: "write a name like app.example or app.example:8443")
        }
        self.text = text
    }
}

/// An element of `--check-status`: `204`, `2xx` or `200-299`.
struct StatusRange: OptionValue, Equatable {
    let range: ClosedRange<UInt16>

    init(_ range: ClosedRange<UInt16>) { self.range = range }

    init(parsing text: String) throws(ValueFault) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let codes = parts.compactMap { Self.codes($0) }
        guard codes.count == parts.count, parts.count <= 2, let first = codes.first, let last = codes.last,
            parts.count == 1 || (first.count == 1 && last.count == 1 && first.lowerBound <= last.upperBound)
        else { throw ValueFault("no status", remedy: "write one like 204, 2xx or 200-399, from 200 to 599") }
        self.range = first.lowerBound...last.upperBound
    }

    /// Of `204` itself, of `2xx` all hundred. Interim answers are no answer to a check.
    private static func codes(_ text: Substring) -> ClosedRange<UInt16>? {
        let isClass = text.utf8.count == 3 && text.lowercased().hasSuffix("xx")
        let digits = isClass ? text.prefix(1) + "00" : text
        guard digits.utf8.count == 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let code = UInt16(digits), (200...599).contains(code)
        else { return nil }
        return isClass ? code...code + 99 : code...code
    }

    var description: String {
        self.range.count == 1 ? "\(self.range.lowerBound)" : "\(self.range.lowerBound)-\(self.range.upperBound)"
    }
}
