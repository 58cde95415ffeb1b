package import SystemCalls

/// Whose processes may live: every session from before its child is created until it is buried, by the mark that its
/// processes bear.
///
/// Shared by the spawner, which adds, and the undertaker, which removes. A session is announced before its
/// child exists, so whoever lists processes first and reads this second never meets a child he does not know.
package final class LiveChildren: Sendable {
    private enum Birth { case announced, born(ProcessID) }

    private struct State {
        var sessionCount: UInt64 = 0
        var children: [DescentMark: Birth] = [:]
    }

    package let marks: DescentMarks
    private let state = Lock(State())

    package init(marks: DescentMarks = DescentMarks()) {
        self.marks = marks
    }

    package var count: Int { self.state.withLock { $0.children.count } }

    /// Gives the session its mark.
    func announce() -> DescentMark {
        self.state.withLock { state in
            let mark = self.marks.mark(state.sessionCount)
            state.sessionCount &+= 1
            state.children[mark] = .announced
            return mark
        }
    }

    func bear(_ mark: DescentMark, _ pid: ProcessID) {
        self.state.withLock { $0.children[mark] = .born(pid) }
    }

    func remove(_ mark: DescentMark) {
        self.state.withLock { _ = $0.children.removeValue(forKey: mark) }
    }

    /// The sessions of this moment; nil for a child about to be born.
    func snapshot() -> [DescentMark: ProcessID?] {
        self.state.withLock { state in
            state.children.mapValues { birth in
                switch birth {
                case .announced: nil
                case .born(let pid): pid
                }
            }
        }
    }
}
