/// What becomes of a program's output that must go out as TEXT and is not UTF-8.
package enum InvalidText: String, CaseIterable, Sendable {
    /// Each wrong part becomes U+FFFD, as browsers do it (`TextRepair`).
    case replace
    /// The session ends with a reason.
    case close
    /// This message goes out as BINARY.
    case binary
}
