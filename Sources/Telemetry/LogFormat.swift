/// How records look.
package enum LogFormat: String, CaseIterable, Hashable, Sendable {
    /// A line for people.
    case text
    /// A JSON object a line, for machines.
    case json
}
