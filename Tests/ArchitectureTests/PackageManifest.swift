/// What Package.swift says of its own targets, read as text.
enum PackageManifest {
    struct Unreadable: Error {}

    /// The modules of this package that each target names.
    static func dependencies() throws(Unreadable) -> [String: Set<String>] {
        guard let file = SourceTree.file("Package.swift") else { throw Unreadable() }
        var dependencies: [String: Set<String>] = [:]
        let text = file.lines.filter { !$0.contains("// ") }.joined(separator: "\n")
        for declaration in Self.declarations(in: text) {
            let strings = Self.strings(in: declaration)
            guard let name = strings.first else { continue }
            dependencies[name] = Set(strings.dropFirst())
        }
        return dependencies
    }

    /// From each `module(` or `.executableTarget(` to its closing parenthesis.
    private static func declarations(in text: String) -> [Substring] {
        ["module(\"", ".executableTarget("].flatMap { mark in
            text.ranges(of: mark).map { range in
                let start = mark.hasSuffix("\"") ? text.index(before: range.upperBound) : range.upperBound
                var depth = 1
                let body = text[start...].prefix { character in
                    if character == "(" { depth += 1 }
                    if character == ")" { depth -= 1 }
                    return depth > 0
                }
                return body
            }
        }
    }

    /// Every string literal but those of labelled arguments other than names and dependencies.
    private static func strings(in declaration: Substring) -> [String] {
        declaration.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }
}
