import Testing

@testable import SystemCalls

@Suite struct DescentMarkTests {
    static let none = UInt64.max
    static let randoms: [UInt64] = [0, 1, 1 << 27, 0xDEAD_BEEF, .max]

    @Test(arguments: randoms) func withoutALimitThereAreMarks(_ random: UInt64) throws {
        let range = try #require(DescentMarks(below: Self.none, random: random).range)
        #expect(range.lowerBound >= 1 << 62)
        #expect(range.upperBound < 1 << 63)
    }

    /// A server below a server below a server …: none has a mark of another, and each can go lower.
    @Test(arguments: randoms) func marksOfNestedServersDiffer(_ random: UInt64) throws {
        var limit = Self.none
        for depth in 0..<20 {
            let marks = DescentMarks(below: limit, random: random)
            let range = try #require(marks.range, "depth \(depth)")
            #expect(range.upperBound < limit)
            limit = marks.mark(0).rawValue
        }
    }

    @Test func atTheLowestMarkItIsOver() {
        #expect(DescentMarks(below: 1 << 62, random: 7).range == nil)
    }

    @Test(arguments: [0, 200_000, (1 << 62) - 1, 1 << 63, .max - 1] as [UInt64])
    func aLimitOfSomebodyElseIsLeftAlone(_ limit: UInt64) {
        #expect(DescentMarks(below: limit, random: 7).range == nil)
    }

    @Test(arguments: [0, 1, 1 << 33, (1 << 34) - 1, 1 << 34, .max] as [UInt64])
    func everySessionsMarkIsInTheRange(_ number: UInt64) throws {
        let marks = DescentMarks(below: Self.none, random: 1)
        let range = try #require(marks.range)
        #expect(range.contains(marks.mark(number).rawValue))
        #expect(marks.mark(number) == marks.mark(number & ((1 << 34) - 1)))
    }

    @Test func aProcessWithoutALimitBearsNone() {
        // the test runner itself may run below a server: then it bears that one's
        let own = ProcessTable.mark(of: ProcessTable.ownPID)
        #expect(own == nil || own.map { $0.rawValue >= 1 << 62 } == true)
        #expect(ProcessTable.mark(of: 0) == nil)
    }
}
