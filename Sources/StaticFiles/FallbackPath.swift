/// A path that is asked when the client's leads to no file: `/index.html`, or `{path}.html`.
package struct FallbackPath: Equatable, Sendable {
    private let before: [UInt8]
    /// Behind `{path}`; nil: it does not occur.
    private let after: [UInt8]?

    /// Relative to the folder, whether a slash stands in front or not.
    package init(_ text: String) {
        let bytes = text.utf8.drop { $0 == UInt8(ascii: "/") }
        let mark = Array("{path}".utf8)
        var start = bytes.startIndex
        while start < bytes.endIndex, !bytes[start...].starts(with: mark) { start = bytes.index(after: start) }
        self.before = Array(bytes[..<start])
        self.after = start < bytes.endIndex ? Array(bytes[start...].dropFirst(mark.count)) : nil
    }

    /// Nil: there is nothing to put in the place of `{path}`.
    package func path(for wanted: FilePath) -> [UInt8]? {
        guard let after = self.after else { return self.before }
        return wanted.bytes.isEmpty ? nil : self.before + wanted.bytes + after
    }
}
