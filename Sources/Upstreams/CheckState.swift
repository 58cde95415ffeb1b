/// How servers are asked whether they are there: by a connection that is closed at once, or by a request.
package struct CheckSettings: Equatable, Sendable {
    /// Nanoseconds between two checks of a server: one that dies is noticed in a quarter of a minute, and a hundred of
    /// them cost twenty connections a second.
    package var interval: UInt64 = 5_000_000_000
    /// Nanoseconds for one check; longer than two lost packets take on any network.
    package var timeout: UInt64 = 3_000_000_000
    /// Checks in a row that succeed before a server counts as up again.
    package var rise = 2
    /// Checks in a row that fail before it counts as down.
    package var fall = 3
    /// Nil: that a connection comes to be is enough.
    package var http: HTTPCheck?

    package init() {}
}

/// What the checks of one server told about it. It counts as up until they say otherwise: else nobody would be served
/// while a server that has just started is still counting.
package enum CheckState: Equatable, Sendable {
    case up(failures: Int)
    case down(successes: Int)

    package static let new = CheckState.up(failures: 0)

    package enum Change: Equatable, Sendable { case rose, fell }

    package var isUp: Bool {
        switch self {
        case .up: true
        case .down: false
        }
    }

    package mutating func note(isAlive: Bool, _ settings: CheckSettings) -> Change? {
        switch (self, isAlive) {
        case (.up, true):
            self = .up(failures: 0)
        case (.up(let failures), false):
            guard failures + 1 >= settings.fall else {
                self = .up(failures: failures + 1)
                return nil
            }
            self = .down(successes: 0)
            return .fell
        case (.down, false):
            self = .down(successes: 0)
        case (.down(let successes), true):
            guard successes + 1 >= settings.rise else {
                self = .down(successes: successes + 1)
                return nil
            }
            self = .up(failures: 0)
            return .rose
        }
        return nil
    }
}
