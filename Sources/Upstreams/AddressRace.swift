/// Which of a name's addresses is tried when (RFC 8305, "Happy Eyeballs"): a path that is broken costs a quarter of a
/// second, and not a timeout.
///
/// It knows addresses by their place in the list that it was made for. Whoever runs it asks `next` at the beginning,
/// after each `start`, after each failure, and when the time of a `wait` has come; the first address that answers wins,
/// and the race is over.
package struct AddressRace: Equatable, Sendable {
    package enum Family: Equatable, Sendable { case ipv6, other }

    package enum Step: Equatable, Sendable {
        /// Try the address at this place, and ask again.
        case start(Int)
        /// Nothing to do before this time, unless a try fails.
        case wait(until: UInt64)
        /// All are tried: one of those under way decides.
        case waitForAnswers
        /// All have failed.
        case lost
    }

    /// Nanoseconds between two tries (section 5, "Connection Attempt Delay").
    package static let delay: UInt64 = 250_000_000
    /// Addresses that are tried at most: a dial's deadline has no room for more, and each costs a descriptor.
    package static let addressesMax = 8

    /// Places in the order of the tries.
    package let order: [Int]
    private var started = 0
    private var running = 0
    private var mayStartAt: UInt64 = 0

    /// `families`: of each address, in the order of preference of the resolver (RFC 6724).
    package init(_ families: [Family]) {
        // Most servers have one.
        self.order =
            families.count > 1
            ? Array(Self.interleaved(families).prefix(Self.addressesMax)) : Array(families.indices)
    }

    /// Families in turn, the preferred first (section 4): one that is broken as a whole must not use all tries up.
    private static func interleaved(_ families: [Family]) -> [Int] {
        guard let preferred = families.first else { return [] }
        let first = families.indices.filter { families[$0] == preferred }
        let second = families.indices.filter { families[$0] != preferred }
        var order: [Int] = []
        for index in 0..<max(first.count, second.count) {
            if index < first.count { order.append(first[index]) }
            if index < second.count { order.append(second[index]) }
        }
        return order
    }

    package mutating func next(now: UInt64) -> Step {
        guard self.started < self.order.count else { return self.running > 0 ? .waitForAnswers : .lost }
        guard now >= self.mayStartAt else { return .wait(until: self.mayStartAt) }
        self.started += 1
        self.running += 1
        self.mayStartAt = now &+ Self.delay
        return .start(self.order[self.started - 1])
    }

    /// One that was started has failed: the next need not wait.
    package mutating func failed() {
        precondition(self.running > 0, "only what was started fails")
        self.running -= 1
        self.mayStartAt = 0
    }
}
