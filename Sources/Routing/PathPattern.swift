internal import HTTPSemantics

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

    /// What a path that it takes begins with: the segments up to the first capture, each behind its slash.
    var lead: [UInt8] {
        var lead: [UInt8] = []
        for segment in self.segments {
            guard case .literal(let bytes) = segment else { break }
            lead += [UInt8(ascii: "/")] + bytes
        }
        return lead
    }

    /// Where the request's path is split, if it is one of these.
    func match(_ path: RequestPath) -> RoutedPath? {
        let bytes = path.bytes.span
        var captures: [RoutedPath.Capture] = []
        // Behind what has matched, there is a slash or the end.
        var end = 0
        for segment in self.segments {
            guard end < bytes.count else { return nil }
            let rest = bytes.extracting((end + 1)...)
            let found = rest.extracting(..<(rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.count))
            switch segment {
            case .literal(let literal): guard found.isSame(as: literal.span) else { return nil }
            case .capture(let name):
                guard !found.isEmpty else { return nil }
                captures.append(RoutedPath.Capture(name: name, value: found.copied))
            }
            end += 1 + found.count
        }
        switch self.tail {
        case .nothing: guard end == bytes.count else { return nil }
        case .anything: break
        }
        return RoutedPath(path, matchedBytes: end, captures: captures)
    }
}

extension PathPattern: CustomStringConvertible {
    package var description: String { self.text }
}
