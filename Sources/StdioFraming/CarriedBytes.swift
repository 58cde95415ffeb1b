/// Up to three bytes of earlier input whose meaning later input decides: a CR that may belong to a CRLF, or
/// the start of a UTF-8 character.
package struct CarriedBytes: Sendable {
    package static let bytesMax = 3

    private var bytes = InlineArray<3, UInt8>(repeating: 0)
    /// A byte too, so that a piece is returned in registers.
    private var bytesHeld: UInt8 = 0

    package init() {}

    package var count: Int { Int(self.bytesHeld) }
    package var isEmpty: Bool { self.bytesHeld == 0 }

    package subscript(index: Int) -> UInt8 {
        precondition(index < self.count, "index beyond the carried bytes")
        return self.bytes[index]
    }

    mutating func append(_ byte: UInt8) {
        self.bytes[self.count] = byte
        self.bytesHeld += 1
    }

    /// Empties this and returns what it held.
    mutating func take() -> CarriedBytes {
        let taken = self
        self = CarriedBytes()
        return taken
    }

    /// Appends the bytes to `output`, which must have room for `count` bytes.
    package func append(to output: inout OutputSpan<UInt8>) {
        for index in 0..<self.count { output.append(self.bytes[index]) }
    }
}
