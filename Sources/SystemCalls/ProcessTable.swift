internal import CLinux
internal import Glibc

/// One line of /proc: who a process is and where it hangs.
package struct ProcessEntry: Equatable, Sendable {
    package var pid: Int32
    package var parent: Int32
    package var group: Int32
    package var session: Int32
    /// Ended and not yet reaped.
    package var isZombie: Bool

    package init(pid: Int32, parent: Int32, group: Int32, session: Int32, isZombie: Bool = false) {
        self.pid = pid
        self.parent = parent
        self.group = group
        self.session = session
        self.isZombie = isZombie
    }
}

/// What /proc tells; a process that goes away meanwhile is left out.
package enum ProcessTable {
    /// Enough for most machines at the first try; the list grows to what the kernel names.
    private static let pidsAtFirstTry = 4096

    package static var ownPID: Int32 { getpid() }

    package static func all() throws(Errno) -> [ProcessEntry] {
        try Self.pids().compactMap(Self.entry)
    }

    package static func entry(of pid: Int32) -> ProcessEntry? {
        var stat = clx_process_stat()
        guard unsafe clx_process_stat(pid, &stat) == 0 else { return nil }
        let state = UInt8(bitPattern: stat.state)
        let ended = state == UInt8(ascii: "Z") || state == UInt8(ascii: "X")
        return ProcessEntry(
            pid: pid, parent: stat.parent, group: stat.group, session: stat.session, isZombie: ended)
    }

    /// What stands where a mark of descent would; nil when nothing does or the process is gone.
    package static func mark(of pid: Int32) -> DescentMark? {
        let value = clx_process_mark(pid)
        return value == 0 ? nil : DescentMark(rawValue: value)
    }

    private static func pids() throws(Errno) -> [Int32] {
        var capacity = Self.pidsAtFirstTry
        while true {
            var answer = 0
            let pids = unsafe [Int32](unsafeUninitializedCapacity: capacity) { buffer, count in
                answer = unsafe clx_process_list(buffer.baseAddress, buffer.count)
                count = max(0, min(answer, buffer.count))
            }
            if answer < 0 { throw .current }
            if answer <= capacity { return pids }
            capacity = answer * 2
        }
    }
}
