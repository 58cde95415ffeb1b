/// The bytes that go in front of a payload, held in place: no allocation per message.
///
/// At most 4 (`length-prefixed`) or 5 (`typed`) bytes, so they fit where a client's frame header (6 or
/// more) stood; only `content-length` needs up to `bytesMax`.
package struct RecordPrefix: Sendable {
    /// "Content-Length: " (16) + ten digits + two line ends (4) = 30.
    package static let bytesMax = 32

    package private(set) var count = 0
    private var bytes = InlineArray<32, UInt8>(repeating: 0)

    package init() {}

    package subscript(index: Int) -> UInt8 {
        precondition(index < self.count, "index beyond the prefix")
        return self.bytes[index]
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        self.bytes[self.count] = byte
        self.count += 1
    }

    /// Appends the prefix to `output`, which must have room for `count` bytes.
    package func append(to output: inout OutputSpan<UInt8>) {
        // By a span: the subscript of an InlineArray may copy all of it.
        let bytes = self.bytes.span
        for index in 0..<self.count { output.append(bytes[index]) }
    }

    /// Writes the prefix into `target` at `offset`; both are the caller's layout.
    package func write(into target: inout MutableSpan<UInt8>, at offset: Int) {
        let bytes = self.bytes.span
        for index in 0..<self.count { target[offset + index] = bytes[index] }
    }
}
