package import HTTPSemantics

/// What makes a request's path mean one thing to us and another to what stands in front of us or behind us.
///
/// nginx merges slashes and resolves dot segments, Caddy and HAProxy by default route what they see, scripts decode
/// what they are given: a path on which they would disagree is refused, whatever route it is for.
package enum PathViolation: Error, Hashable, Sendable {
    /// `%` that two hexadecimal digits do not follow.
    case malformedEscape
    /// `%00` to `%1F` or `%7F`: the end of a C string, or of a line in somebody's log.
    case controlByte
    /// `%2F`: a slash to whoever decodes before it splits.
    case encodedSlash
    /// `.` or `..`, escaped or not: browsers resolve them before they ask.
    case dotSegment
    /// `//`: one slash to some and two to others.
    case emptySegment
}

extension PathViolation {
    package var status: Status { .badRequest }

    package var reason: String {
        switch self {
        case .malformedEscape: "the path contains a % that two hexadecimal digits do not follow"
        case .controlByte: "the path contains a control character"
        case .encodedSlash: "the path contains an escaped slash"
        case .dotSegment: "the path contains a dot segment"
        case .emptySegment: "the path contains two slashes in a row"
        }
    }
}
