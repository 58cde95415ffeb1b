/// Counts of things that come in kinds, from the start of the process on: a number never falls.
package struct Tally<Kind: Hashable & Sendable>: Equatable, Sendable {
    private var counts: [Kind: UInt64] = [:]

    package init() {}

    package mutating func count(_ kind: Kind) { self.counts[kind, default: 0] &+= 1 }

    package mutating func add(_ count: UInt64, of kind: Kind) { self.counts[kind, default: 0] &+= count }

    package mutating func add(_ other: Tally) {
        for (kind, count) in other.counts { self.counts[kind, default: 0] &+= count }
    }

    /// 0 for a kind that never came.
    package subscript(_ kind: Kind) -> UInt64 { self.counts[kind] ?? 0 }

    /// The kinds that came, in no order.
    package var kinds: [Kind] { Array(self.counts.keys) }

    package var sum: UInt64 { self.counts.values.reduce(0, &+) }
}
