internal import Glibc

/// File descriptor 1, where the answers of commands go.
package enum StandardOutput {
    package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes all of `bytes`, waiting as long as it takes; false when nobody can read it any more. SIGPIPE must be
    /// ignored.
    package static func write(_ bytes: [UInt8]) -> Bool { StandardError.write(bytes, to: STDOUT_FILENO) }
}

/// File descriptor 0, where people type.
package enum StandardInput {
    package static let descriptor: CInt = STDIN_FILENO

    package static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }
}
