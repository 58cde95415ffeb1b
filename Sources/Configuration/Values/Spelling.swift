/// Finds what somebody who misspelt a name probably meant.
package enum Spelling {
    /// The nearest of `names` within two edits (one for names of up to four letters); nil when none is near.
    package static func nearest(to text: String, in names: [String]) -> String? {
        var best: (name: String, distance: Int)?
        // Names have at most a few dozen letters; measuring a long word against all of them would be wasted.
        guard text.utf8.count <= 64 else { return nil }
        for name in names {
            let distance = Self.distance(text, name)
            guard distance <= (min(name.utf8.count, text.utf8.count) <= 4 ? 1 : 2) else { continue }
            if distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// How many letters must be inserted, removed, replaced or swapped with their neighbour.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var previous: [Int] = []
        var current = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var next = [row + 1]
            for (column, other) in right.enumerated() {
                let change = current[column] + (letter == other ? 0 : 1)
                var least = min(change, current[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    least = min(least, previous[column - 1] + 1)
                }
                next.append(least)
            }
            previous = current
            current = next
        }
        return current[right.count]
    }
}
