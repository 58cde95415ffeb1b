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
        var captures: [RoutedPath.Capture] = []
        for (pattern, segment) in zip(self.segments, path.segments) {
            switch pattern {
            case .literal(let bytes):
                guard bytes == segment else { return nil }
            case .capture(let name):
                guard !segment.isEmpty else { return nil }
                captures.append(RoutedPath.Capture(name: name, value: segment))
            }
        }
        return RoutedPath(
            scriptName: Self.joined(path.segments[..<count]), pathInfo: Self.joined(path.segments[count...]),
            captures: captures)
    }

    private static func joined(_ segments: ArraySlice<[UInt8]>) -> [UInt8] {
        var path: [UInt8] = []
        for segment in segments {
            path.append(UInt8(ascii: "/"))
            path += segment
        }
        return path
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

    package let scriptName: [UInt8]
    package let pathInfo: [UInt8]
    package let captures: [Capture]

    package init(scriptName: [UInt8], pathInfo: [UInt8], captures: [Capture] = []) {
        self.scriptName = scriptName
        self.pathInfo = pathInfo
        self.captures = captures
    }
}
