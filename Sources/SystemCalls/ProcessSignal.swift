internal import CLinux
internal import Glibc

/// A signal number with its name.
package struct Signal: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: CInt

    package init(rawValue: CInt) { self.rawValue = rawValue }

    package static let hangup = Signal(rawValue: SIGHUP)
    package static let interrupt = Signal(rawValue: SIGINT)
    package static let childEnded = Signal(rawValue: SIGCHLD)
    package static let kill = Signal(rawValue: SIGKILL)
    package static let terminate = Signal(rawValue: SIGTERM)
    package static let user2 = Signal(rawValue: SIGUSR2)

    /// `SIGTERM`, as people and kill(1) call it; real-time signals have a number only.
    package var description: String {
        guard let abbreviation = unsafe clx_signal_abbreviation(self.rawValue) else {
            return "signal \(self.rawValue)"
        }
        return unsafe "SIG" + String(cString: abbreviation)
    }
}
