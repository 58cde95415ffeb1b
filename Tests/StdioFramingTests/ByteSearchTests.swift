@testable import StdioFraming
import Testing

@Suite struct ByteSearchTests {
    /// The slow safe twin of the search, over all positions and ranges of a small buffer.
    @Test func findsWhatALoopFinds() {
        var wrong = 0
        for position in 0..<70 {
            var bytes = [UInt8](repeating: 0x78, count: 70)
            bytes[position] = 0x0A
            for start in 0..<70 {
                let end = 70 - start / 3
                guard start <= end else { continue }
                let twin = (start..<end).first { bytes[$0] == 0x0A }
                if ByteSearch.first(0x0A, in: bytes.span, start..<end) != twin { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    @Test func findsNothingInNothing() {
        let none: [UInt8] = []
        let hit = ByteSearch.first(0x0A, in: none.span, 0..<0)
        #expect(hit == nil)
    }
}
