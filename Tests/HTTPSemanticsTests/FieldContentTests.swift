import HTTPSemantics
import Testing

@Suite struct FieldContentTests {
    /// One byte at a time.
    private static func end(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
        for index in start..<end where !bytes[index].isFieldContent { return index }
        return end
    }

    /// Every byte at every place of two words and a rest, behind what may confuse: tabs, and bytes with the top bit.
    @Test(arguments: [0x61, 0x09, 0x20, 0x7E, 0x80, 0xFF] as [UInt8])
    func theFirstByteThatMayNotStandThere(_ filler: UInt8) {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<19 {
                var bytes = [UInt8](repeating: filler, count: 19)
                bytes[place] = byte
                for (start, end) in [(0, 19), (3, 19), (0, 17), (5, 12), (19, 19)] {
                    let expected = Self.end(bytes, from: start, to: end)
                    #expect(bytes.span.fieldContentEnd(from: start, to: end) == expected, "\(byte) at \(place)")
                }
            }
        }
    }

    /// Neighbours: what a subtraction borrows must not hide or invent any.
    @Test func pairsOfNeighbours() {
        let edges: [UInt8] = [0x00, 0x01, 0x08, 0x09, 0x0A, 0x0D, 0x1F, 0x20, 0x21, 0x7E, 0x7F, 0x80, 0x81, 0xA0, 0xFF]
        for first in edges {
            for second in edges {
                for third in edges {
                    let bytes = [first, second, third, 0x61, 0x61, third, second, first, 0x0D]
                    let expected = Self.end(bytes, from: 0, to: 9)
                    #expect(bytes.span.fieldContentEnd(from: 0, to: 9) == expected, "\(bytes)")
                }
            }
        }
    }

    @Test(arguments: [0, 1, 7, 8, 100])
    func copiesAreTheSame(_ count: Int) {
        let bytes = (0..<count).map { UInt8($0) }
        #expect(bytes.span.copied == bytes)
        var both: [UInt8] = [1]
        both.append(copying: bytes.span)
        #expect(both == [1] + bytes)
    }
}
