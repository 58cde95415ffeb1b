package import HTTPSemantics

/// A way to compress that a file beside the plain one may hold.
package enum ContentCoding: String, CaseIterable, Sendable {
    // In the order in which the server prefers them.
    case brotli = "br"
    case gzip

    /// What stands behind the name of the plain file.
    package var fileEnding: String {
        switch self {
        case .brotli: ".br"
        case .gzip: ".gz"
        }
    }

    /// Those that the client takes, best first: by its weights, then as they stand here (RFC 9110 section 12.5.3).
    package static func accepted(_ fields: HeaderFields) -> [ContentCoding] {
        var weights: [(coding: ContentCoding, weight: Int)] = []
        var rest: Int?
        var named: Set<ContentCoding> = []
        fields.forEachElement(ofList: "Accept-Encoding") { element in
            let (name, weight) = Self.split(element)
            if name == "*" { rest = weight }
            guard let coding = Self.named(name), named.insert(coding).inserted else { return }
            weights.append((coding, weight))
        }
        if let rest { weights += Self.allCases.filter { !named.contains($0) }.map { ($0, rest) } }
        return Self.allCases.compactMap { coding in weights.first { $0.coding == coding && $0.weight > 0 } }
            .sorted { $0.weight > $1.weight }.map(\.coding)
    }

    private static func named(_ name: String) -> ContentCoding? {
        name == "x-gzip" ? .gzip : Self(rawValue: name)
    }

    /// The name in lower case, and its weight in thousandths; one that cannot be read is 0.
    private static func split(_ element: Span<UInt8>) -> (name: String, weight: Int) {
        let parts = element.string.lowercased().split(separator: ";", omittingEmptySubsequences: false)
        let words = parts.map { $0.filter { $0 != " " && $0 != "\t" } }
        guard words.count > 1 else { return (words.first ?? "", 1000) }
        guard let quality = words.dropFirst().first(where: { $0.hasPrefix("q=") }) else { return (words[0], 1000) }
        return (words[0], Self.thousandths(quality.dropFirst(2)))
    }

    /// `1`, `0.5`, `0.125`; anything else is 0: refused rather than guessed.
    private static func thousandths(_ text: Substring) -> Int {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == "0" || whole == "1", parts.count <= 2 else { return 0 }
        let digits = parts.count == 2 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return 0 }
        let fraction = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        return whole == "1" ? 1000 : fraction
    }
}
