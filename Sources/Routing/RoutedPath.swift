/// A request's path as its route sees it, decoded: what matched, what is left, what was captured (RFC 3875 sections
/// 4.1.13 and 4.1.5).
package struct RoutedPath: Equatable, Sendable {
    package struct Capture: Equatable, Sendable {
        package let name: String
        package let value: [UInt8]
    }

    private let bytes: [UInt8]
    private let matchedBytes: Int
    package let captures: [Capture]

    package init(_ path: RequestPath) {
        self.init(path, matchedBytes: 0, captures: [])
    }

    /// `matchedBytes`: how far the route's pattern named the segments.
    init(_ path: RequestPath, matchedBytes: Int, captures: [Capture]) {
        self.bytes = path.bytes
        self.matchedBytes = matchedBytes
        self.captures = captures
    }

    // Cut when somebody asks: most routes never do.

    package var scriptName: [UInt8] { Array(self.bytes[..<self.matchedBytes]) }
    package var pathInfo: [UInt8] { Array(self.bytes[self.matchedBytes...]) }
}
