/// What becomes of a newline inside a client's message, which under `lines` would start a second record.
///
/// A newline is LF or CR: Python, Ruby and others read either as the end of a line unless told not to.
package enum InnerNewline: String, CaseIterable, Sendable {
    /// The message is a violation (close code 1008): nobody smuggles a second record to the program.
    case refuse
    /// The program sees what was sent, several lines included.
    case pass
    /// Each LF and each CR becomes one space.
    case space
}
