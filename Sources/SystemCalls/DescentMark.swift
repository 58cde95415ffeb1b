internal import Glibc

/// A number that a process and everything it starts bear, whatever they do to their environment, their session and
/// their parents.
///
/// It stands in a resource limit, for limits are inherited by fork and execve, nobody without privileges raises one
/// again, and everybody may read them (/proc/PID/limits). Of all limits RLIMIT_RTTIME is the one that touches nobody:
/// microseconds that a thread of a real-time class may compute without a pause (setrlimit(2)), unlimited unless
/// somebody asks, and a mark is more than 146,000 years.
@usableFromInline
package struct DescentMark: Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// The marks of one server, one for each session: `bit 62 | the server's number, 28 bits | the session's, 34 bits`.
///
/// A limit can only go down, so a server that runs below another one takes a number below that one's.
package struct DescentMarks: Sendable {
    /// At 10,000 sessions a second they begin again after 19 days; by then the first have long been buried.
    private static let sessionBits: UInt64 = 34
    private static let servers: Range<UInt64> = 1 << 27..<1 << 28
    private static let smallest: UInt64 = 1 << 62

    /// Absent when the limit is in use already, below all marks: then descendants cannot be told by it.
    package let range: ClosedRange<UInt64>?
    private let first: UInt64

    /// Draws the server's number.
    package init() {
        var random = RandomWords()
        self.init(below: Self.inheritedLimit, random: random.next())
    }

    /// `limit`: RLIMIT_RTTIME's hard bound, `UInt64.max` when there is none.
    init(below limit: UInt64, random: UInt64) {
        let sessions: UInt64 = 1 << Self.sessionBits
        let outer = limit == .max ? Self.servers.upperBound : (limit & (Self.smallest - 1)) >> Self.sessionBits
        let lowest = outer / 2
        let number = lowest + random % max(1, outer - lowest)
        self.first = Self.smallest | number << Self.sessionBits
        let canGoLower = limit == .max || limit >= Self.smallest && limit < 2 * Self.smallest && number < outer
        self.range = canGoLower ? self.first...self.first + (sessions - 1) : nil
    }

    /// Of the session with this number; unique among the living.
    package func mark(_ number: UInt64) -> DescentMark {
        DescentMark(rawValue: self.first + number & ((1 << Self.sessionBits) - 1))
    }

    private static var inheritedLimit: UInt64 {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(__RLIMIT_RTTIME.rawValue), &limit) == 0 else { return 0 }
        return UInt64(limit.rlim_max)
    }
}
