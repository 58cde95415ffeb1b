// Which of two patterns is asked first. From left to right a literal segment goes before a capture, both before the end
// of a pattern, and an end before `*`: the more somebody wrote down, the earlier it is asked. Of two patterns that take
// one and the same path the first in this order is therefore the more specific one, at the leftmost place where they
// differ. The order is total, so that the order of the file never matters.
extension PathPattern {
    private enum Place: Comparable {
        case literal([UInt8])
        case capture
        case end
        case anything

        private var rank: Int {
            switch self {
            case .literal: 0
            case .capture: 1
            case .end: 2
            case .anything: 3
            }
        }

        static func < (left: Self, right: Self) -> Bool {
            if case .literal(let one) = left, case .literal(let other) = right {
                return one.lexicographicallyPrecedes(other)
            }
            return left.rank < right.rank
        }
    }

    private var places: [Place] {
        let places = self.segments.map { segment in
            switch segment {
            case .literal(let bytes): Place.literal(bytes)
            case .capture: Place.capture
            }
        }
        switch self.tail {
        case .nothing: return places + [.end]
        case .anything: return places + [.anything]
        }
    }

    /// Whether it is asked before `other`.
    package func precedes(_ other: PathPattern) -> Bool { self.places.lexicographicallyPrecedes(other.places) }

    /// Whether it takes exactly the paths that `other` takes: the names of captures make no difference.
    package func takesTheSame(as other: PathPattern) -> Bool { self.places == other.places }
}
