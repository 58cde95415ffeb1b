/// How messages are told apart on a program's standard input and output.
package enum Framing: String, CaseIterable, Sendable {
    case lines
    case null
    case raw
    case lengthPrefixed = "length-prefixed"
    case typed
    case contentLength = "content-length"

    /// What the program's output becomes unless the route says otherwise; nil when each record says it
    /// itself.
    package var standardKind: MessageKind? {
        switch self {
        case .lines, .null, .contentLength: .text
        case .raw, .lengthPrefixed: .binary
        case .typed: nil
        }
    }

    /// Whether a route may choose the kind: elsewhere the framing itself settles it.
    package var leavesKindOpen: Bool {
        switch self {
        case .null, .raw, .lengthPrefixed: true
        case .lines, .typed, .contentLength: false
        }
    }

    /// Whether records end at a byte, so that a long one can be cut in two without lying about a length.
    package var isDelimited: Bool {
        switch self {
        case .lines, .null: true
        case .raw, .lengthPrefixed, .typed, .contentLength: false
        }
    }
}
