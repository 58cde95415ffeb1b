package import SystemCalls

/// The process that ends our children should we die by SIGKILL; process_guardian.c tells its story.
///
/// Start it first thing in `main`: its memory is a copy of ours at that moment.
package final class Guardian: Sendable {
    private let marks: DescentMarks
    private let socket: Lock<GuardSocket>

    /// Over the children that bear these marks.
    package init(over marks: DescentMarks) throws(Errno) {
        let socket = try GuardSocket(over: marks.range)
        self.marks = marks
        self.socket = Lock(socket)
    }

    package var pid: ProcessID { self.socket.withLock { $0.guardian } }

    /// False when it would find nobody: the kernel takes no marks, or the limit that carries them is in use.
    package var findsDescendants: Bool { self.socket.withLock { $0.canMark } }

    /// Somebody may have killed it: starts another one then, which finds by the marks whom the first would have.
    func standGuard() throws(Errno) {
        try self.socket.withLock { socket throws(Errno) in
            if !socket.isAlive { socket = try GuardSocket(over: self.marks.range) }
        }
    }
}
