internal import CLinux
internal import Glibc

/// The children of the calling thread that it did not start: orphans below us that the kernel gave to it.
///
/// Linux hands the orphans of a subreaper to the leader of its thread group. The sessions' direct children
/// belong to the spawner thread, so on the main thread these calls see the adopted ones and nobody else.
package enum AdoptedChildren: Equatable {
    case none
    case running
    case ended(ProcessID)

    /// From now on orphans anywhere below us become our children rather than init's.
    /// prctl(PR_SET_CHILD_SUBREAPER)
    package static func adoptOrphans() throws(Errno) {
        if clx_become_subreaper() != 0 { throw .current }
    }

    /// One system call, whatever the number of sessions. waitid(P_ALL, WNOHANG | WNOWAIT | __WNOTHREAD)
    package static func peek() throws(Errno) -> AdoptedChildren {
        var zombie: Int32 = 0
        switch unsafe clx_peek_own_children(&zombie) {
        case 0: return .running
        case 1: return ProcessID(rawValue: zombie).map { .ended($0) } ?? .none
        case _:
            let error = Errno.current
            if error == .noChild { return .none }
            throw error
        }
    }

    /// Reaps everything that has ended; true when running ones are left.
    package static func reapEnded() throws(Errno) -> Bool {
        while true {
            switch try Self.peek() {
            case .none: return false
            case .running: return true
            case .ended(let zombie):
                if clx_reap_own_child(zombie.rawValue) != 0 { throw .current }
            }
        }
    }
}
