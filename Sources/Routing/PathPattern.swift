/// Which paths a route takes.
///
///     /chat            this path alone
///     /files/*         /files and everything below it
///     /room/{name}     any one segment, which is captured
///     /*               every path
package struct PathPattern: Hashable, Sendable {
    package enum Segment: Hashable, Sendable {
        case literal([UInt8])
        case capture(name: String)
    }

    /// What may follow the segments.
    package enum Tail: Hashable, Sendable {
        case nothing
        /// Further segments, or none.
        case anything
    }

    package let segments: [Segment]
    package let tail: Tail
    /// As written.
    package let text: String

    package static let everything = PathPattern(segments: [], tail: .anything, text: "/*")

    init(segments: [Segment], tail: Tail, text: String) {
        self.segments = segments
        self.tail = tail
        self.text = text
    }

    /// The names of the captures, from left to right.
    package var captureNames: [String] {
        self.segments.compactMap { segment in
            switch segment {
            case .literal: nil
            case .capture(let name): name
            }
        }
    }

    /// The variable that a child finds a capture in: lower case letters become capitals.
    package static func variable(ofCapture name: String) -> String { "WSBRIDGE_\(name.uppercased())" }

    /// Where the request's path is split, if it is one of these.
    func match(_ path: RequestPath) -> RoutedPath? {
        let count = self.segments.count
        switch self.tail {
        case .nothing: guard path.segments.count == count else { return nil }
        case .anything: guard path.segments.count >= count else { return nil }
        }
        for index in 0..<count where !self.segments[index].takes(path.segments[index]) { return nil }
        var captures: [RoutedPath.Capture] = []
        for index in 0..<count {
            switch self.segments[index] {
            case .literal: break
            case .capture(let name): captures.append(RoutedPath.Capture(name: name, value: path.segments[index]))
            }
        }
        return RoutedPath(path, matched: count, captures: captures)
    }
}

extension PathPattern.Segment {
    fileprivate func takes(_ segment: [UInt8]) -> Bool {
        switch self {
        case .literal(let bytes): bytes == segment
        case .capture: !segment.isEmpty
        }
    }
}

extension PathPattern: CustomStringConvertible {
    package var description: String { self.text }
}

/// A request's path as its route sees it, decoded: what matched, what is left, what was captured (RFC 3875 sections
/// 4.1.13 and 4.1.5).
package struct RoutedPath: Equatable, Sendable {
    package struct Capture: Equatable, Sendable {
        package let name: String
        package let value: [UInt8]
    }

    private let segments: [[UInt8]]
    private let matched: Int
    package let captures: [Capture]

    /// `matched`: how many of the segments the route's pattern named.
    package init(_ path: RequestPath, matched: Int = 0, captures: [Capture] = []) {
        self.segments = path.segments
        self.matched = min(matched, path.segments.count)
        self.captures = captures
    }

    // Put together when somebody asks: most routes never do.

    package var scriptName: [UInt8] { Self.joined(self.segments[..<self.matched]) }
    package var pathInfo: [UInt8] { Self.joined(self.segments[self.matched...]) }

    private static func joined(_ segments: ArraySlice<[UInt8]>) -> [UInt8] {
        var path: [UInt8] = []
        for segment in segments {
            path.append(UInt8(ascii: "/"))
            path += segment
        }
        return path
    }
}
