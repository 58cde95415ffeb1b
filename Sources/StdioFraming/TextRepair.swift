internal import UTF8Text

/// Makes text of bytes that are not UTF-8: each maximal wrong part becomes one U+FFFD, as the Unicode
/// standard recommends and the W3C encoding standard demands.
package enum TextRepair {
    /// What one input byte can grow to: U+FFFD takes three bytes.
    package static let growthMax = 3

    /// How many bytes the repaired text will have.
    package static func repairedCount(of input: borrowing Span<UInt8>) -> Int {
        var (count, index) = (0, 0)
        while true {
            let end = input.textEnd(from: index)
            count += end - index
            guard end < input.count else { return count }
            switch UTF8Sequence.at(end, in: input) {
            case .character(let length):
                count += length
                index = end + length
            case .wrong(let length):
                count += Self.growthMax
                index = end + length
            }
        }
    }

    /// Appends repaired text from `offset` on, as long as `output` has room, and moves `offset` behind what
    /// it used.
    ///
    /// Stops between characters, so a caller with a small output calls again with an empty one.
    package static func append(
        _ input: borrowing Span<UInt8>, from offset: inout Int, to output: inout OutputSpan<UInt8>
    ) {
        while offset < input.count {
            switch UTF8Sequence.at(offset, in: input) {
            case .character(let length):
                guard output.freeCapacity >= length else { return }
                for index in offset..<offset + length { output.append(input[index]) }
                offset += length
            case .wrong(let length):
                guard output.freeCapacity >= Self.growthMax else { return }
                for byte in "\u{FFFD}".utf8 { output.append(byte) }
                offset += length
            }
        }
    }
}
