internal import CLinux
internal import Glibc

/// How a process ended.
package enum ExitStatus: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(Signal, dumpedCore: Bool)

    /// The words of the close reason: `exit status 3`, `killed by SIGKILL`.
    package var description: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .killed(let signal, dumpedCore: _): "killed by \(signal)"
        }
    }
}

extension ExitStatus {
    /// Reaps a child by its pidfd, from any thread; nil while it still runs. waitid(P_PIDFD)
    package static func reap(_ pidfd: borrowing Descriptor) throws(Errno) -> ExitStatus? {
        var code: CInt = 0
        var status: CInt = 0
        switch unsafe clx_reap_pidfd(pidfd.rawValue, &code, &status) {
        case 0: return nil
        case 1 where code == CInt(CLD_EXITED): return .exited(status)
        case 1: return .killed(Signal(rawValue: status), dumpedCore: code == CInt(CLD_DUMPED))
        case _: throw .current
        }
    }
}
