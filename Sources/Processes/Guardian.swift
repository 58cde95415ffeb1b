package import SystemCalls

/// The process that ends our children should we die by SIGKILL; process_guardian.c tells its story.
///
/// Start it first thing in `main`: its memory is a copy of ours at that moment.
package final class Guardian: Sendable {
    private let socket: Lock<GuardSocket>

    package init() throws(Errno) {
        let socket = try GuardSocket()
        self.socket = Lock(socket)
    }

    package var pid: ProcessID { self.socket.withLock { $0.guardian } }

    /// The descriptor through which a child reports itself. Only the spawner replaces the guardian and only
    /// the spawner asks, so the number stays valid while it is used.
    var descriptorForChildren: CInt { self.socket.withLock { $0.descriptor.rawValue } }

    /// False when the guardian lags behind and must be told again later; a guardian that is gone counts as
    /// told.
    func forget(_ pid: ProcessID, _ id: UniqueID) -> Bool {
        self.socket.withLock { socket in
            do throws(Errno) {
                try socket.tell(.remove, pid, id: (id.high, id.low))
                return true
            } catch {
                return error != .wouldBlock
            }
        }
    }

    /// Somebody killed the guardian: starts another one and tells it what the first one knew.
    func revive(knowing children: [UniqueID: ProcessID?]) throws(Errno) {
        let successor = try GuardSocket()
        for (id, pid) in children {
            if let pid { try successor.tell(.add, pid, id: (id.high, id.low)) }
        }
        self.replace(with: successor)
    }

    private func replace(with successor: consuming GuardSocket) {
        var successor = Optional(successor)
        self.socket.withLock { socket in
            if let next = successor.take() { socket = next }
        }
    }
}
