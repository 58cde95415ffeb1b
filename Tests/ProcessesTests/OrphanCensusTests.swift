import SystemCalls
import Testing

@testable import Processes

@Suite struct OrphanCensusTests {
    static let gone = DescentMark(rawValue: 1)
    static let here = DescentMark(rawValue: 2)
    static let unborn = DescentMark(rawValue: 3)

    struct Row: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var processes: [ProcessEntry]
        var marks: [Int32: DescentMark] = [:]
        var live: [DescentMark: Int32?] = [here: 200]
        var expected: Set<Int32>
    }

    /// We are 10, the guardian is 11; the child 100 has ended, the child 200 lives.
    static let rows = [
        Row(
            testDescription: "in the group of the ended child",
            processes: [entry(101, parent: 10, session: 100)], expected: [101]),
        Row(
            testDescription: "left the session, carries the mark",
            processes: [entry(101, parent: 10, session: 101)], marks: [101: gone], expected: [101]),
        Row(
            testDescription: "its children go with it, marked or not",
            processes: [entry(101, parent: 10, session: 100), entry(102, parent: 101, session: 102)],
            expected: [101, 102]),
        Row(
            testDescription: "a zombie is nobody, its children are",
            processes: [
                ProcessEntry(pid: 101, parent: 10, group: 100, session: 100, isZombie: true),
                entry(102, parent: 101, session: 100),
            ], expected: [102]),
        Row(
            testDescription: "the living child and its tree are spared",
            processes: [entry(200, parent: 10, session: 200), entry(201, parent: 200, session: 100)],
            marks: [200: here], expected: []),
        Row(
            testDescription: "an orphan of the living child is spared, by session or by mark",
            processes: [entry(201, parent: 10, session: 200), entry(202, parent: 10, session: 202)],
            marks: [202: here], expected: []),
        Row(
            testDescription: "the mark outweighs the session: the pid of the ended child is in use again",
            processes: [entry(101, parent: 10, session: 100)], marks: [101: here], expected: []),
        Row(
            testDescription: "a living session with the ended child's pid",
            processes: [entry(100, parent: 10, session: 100), entry(101, parent: 10, session: 100)],
            live: [here: 100], expected: []),
        Row(
            testDescription: "a stranger lives as long as any session",
            processes: [entry(300, parent: 10, session: 300)], expected: []),
        Row(
            testDescription: "a stranger goes with the last session",
            processes: [entry(300, parent: 10, session: 300)], live: [:], expected: [300]),
        Row(
            testDescription: "whoever shares our own session was there before, and its children too",
            processes: [
                entry(10, parent: 1, session: 9), entry(300, parent: 10, session: 9),
                entry(301, parent: 300, session: 301), entry(302, parent: 10, session: 302),
            ], live: [:], expected: [302]),
        Row(
            testDescription: "a child that we were given is nobody's, whatever its session",
            processes: [entry(400, parent: 10, session: 400), entry(401, parent: 400, session: 401)],
            live: [:], expected: []),
        Row(
            testDescription: "a child about to be born looks like a stranger and is spared",
            processes: [entry(300, parent: 10, session: 300)], live: [unborn: nil], expected: []),
        Row(
            testDescription: "the guardian and other people's processes are no orphans",
            processes: [entry(11, parent: 10, session: 11), entry(400, parent: 1, session: 100)],
            live: [:], expected: []),
    ]

    @Test(arguments: rows) func chargesEachOrphanToItsSession(_ row: Row) throws {
        let census = OrphanCensus(
            adopter: 10, guardian: ProcessID(rawValue: 11), inherited: [400],
            live: row.live.mapValues { $0.flatMap(ProcessID.init(rawValue:)) },
            buried: [Self.gone: try #require(ProcessID(rawValue: 100))])
        let orphans = census.take(of: row.processes) { row.marks[$0] }
        #expect(Set(orphans.map(\.pid.rawValue)) == row.expected)
        #expect(orphans.allSatisfy { $0.mark == Self.gone })
    }

    static func entry(_ pid: Int32, parent: Int32, session: Int32) -> ProcessEntry {
        ProcessEntry(pid: pid, parent: parent, group: session, session: session)
    }
}
