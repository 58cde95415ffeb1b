/// What becomes of a program's record that is longer than the limit.
package enum LongRecord: String, CaseIterable, Sendable {
    /// The session ends with a reason.
    case close
    /// The record is delivered as several messages, cut at the limit and never inside a UTF-8 character.
    case split
}
