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

    /// Every byte at every place of two words and a rest.
    @Test(arguments: [0x61, 0x5A, 0x2D, 0x5F] as [UInt8])
    func theFirstByteThatIsNoTokenCharacter(_ filler: UInt8) {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<19 {
                var bytes = [UInt8](repeating: filler, count: 19)
                bytes[place] = byte
                for (start, end) in [(0, 19), (3, 19), (0, 17), (5, 12), (19, 19)] {
                    let isWithin = (start..<end).contains(place) && !byte.isTokenCharacter
                    let found = bytes.span.tokenEnd(from: start, to: end)
                    if found != (isWithin ? place : end) { Issue.record("\(byte) at \(place): \(found)") }
                }
            }
        }
    }

    /// Every pair of bytes, at every place of every length around two words.
    @Test func namesAreComparedByLetters() {
        for count in 1...17 {
            let name = (0..<count).map { UInt8(0x61 + $0) }
            for place in 0..<count {
                for byte in UInt8.min...UInt8.max {
                    var other = name.map { $0 - 0x20 }
                    other[place] = byte
                    let isSame = byte | 0x20 == name[place]
                    if name.span.equalsIgnoringCase(other.span) != isSame { Issue.record("\(other)") }
                }
            }
        }
        for first in [0x00, 0x20, 0x40, 0x41, 0x5A, 0x5B, 0x60, 0x61, 0x7A, 0x7B, 0x7F, 0x80, 0xC1, 0xFF] as [UInt8] {
            for second in UInt8.min...UInt8.max {
                let isSame = first.asciiLowercased == second.asciiLowercased
                for count in [1, 2, 3, 4, 8, 9] {
                    let one = [UInt8](repeating: first, count: count)
                    let other = [UInt8](repeating: second, count: count)
                    if one.span.equalsIgnoringCase(other.span) != isSame { Issue.record("\(one) \(other)") }
                }
            }
        }
        let (none, one, two): ([UInt8], [UInt8], [UInt8]) = ([], [0x61], [0x61, 0x61])
        #expect(none.span.equalsIgnoringCase(none.span) && !one.span.equalsIgnoringCase(two.span))
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
