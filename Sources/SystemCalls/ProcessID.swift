internal import CLinux
internal import Glibc

/// A process, and the process group and session it leads: every child of ours leads its own.
///
/// Never 0, 1 or negative, so that no arithmetic and no default value can turn `kill` into "everybody".
@usableFromInline
package struct ProcessID: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int32

    package init?(rawValue: Int32) {
        guard rawValue > 1 else { return nil }
        self.rawValue = rawValue
    }

    /// This process; nil when we are the init of a container.
    package static var current: ProcessID? { ProcessID(rawValue: getpid()) }

    @usableFromInline
    package var description: String { "\(self.rawValue)" }

    /// kill(2) on this process alone.
    package func send(_ signal: Signal) throws(Errno) {
        if kill(self.rawValue, signal.rawValue) != 0 { throw .current }
    }

    /// kill(2) on the whole group; `.noSuchProcess` when nobody is left in it.
    package func sendToGroup(_ signal: Signal) throws(Errno) {
        if kill(-self.rawValue, signal.rawValue) != 0 { throw .current }
    }
}
