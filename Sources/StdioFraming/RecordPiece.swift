/// A part of a record, or the whole of one, as it lies in the caller's input.
///
///     payload of the piece = carried bytes, then input[range]
///
/// A record that lies wholly in the input and carries nothing is one piece that begins and ends: it can be
/// framed where it lies. The caller collects the others until one ends.
package struct RecordPiece: Sendable {
    package let kind: MessageKind
    /// Bytes of earlier inputs that come before `range`; nearly always none.
    package let carried: CarriedBytes
    package let range: Range<Int>
    package let begins: Bool
    package let ends: Bool

    init(
        kind: MessageKind, carried: CarriedBytes = CarriedBytes(), range: Range<Int>, begins: Bool, ends: Bool
    ) {
        self.kind = kind
        self.carried = carried
        self.range = range
        self.begins = begins
        self.ends = ends
    }

    /// How many bytes of payload this piece brings.
    package var count: Int { self.carried.count + self.range.count }

    /// Whether the record can be sent from where it lies.
    package var isWhole: Bool { self.begins && self.ends && self.carried.isEmpty }
}
