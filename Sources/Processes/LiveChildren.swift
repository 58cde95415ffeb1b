internal import SystemCalls

/// Whose processes may live: every session from before its child is created until it is buried.
///
/// Shared by the spawner, which adds, and the undertaker, which removes. A session is announced before its
/// child exists, so whoever lists processes first and reads this second never meets a child he does not know.
package final class LiveChildren: Sendable {
    private enum Birth { case announced, born(ProcessID) }

    private let children = Lock<[UniqueID: Birth]>([:])

    package init() {}

    package var count: Int { self.children.withLock { $0.count } }

    func announce(_ id: UniqueID) {
        self.children.withLock { $0[id] = .announced }
    }

    func bear(_ id: UniqueID, _ pid: ProcessID) {
        self.children.withLock { $0[id] = .born(pid) }
    }

    func remove(_ id: UniqueID) {
        self.children.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// The sessions of this moment; nil for a child about to be born.
    func snapshot() -> [UniqueID: ProcessID?] {
        self.children.withLock { children in
            children.mapValues { birth in
                switch birth {
                case .announced: nil
                case .born(let pid): pid
                }
            }
        }
    }
}
