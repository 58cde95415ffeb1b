import HTTP1
import SimulatedIO
import Testing

@Suite struct RequestHeadMutationTests {
    /// Bytes that mean something somewhere in a head.
    private static let interesting = Array("\r\n\t :,#?%*/[]@\u{0}\u{7F}1aH".utf8) + [0x80, 0xFF]

    /// Good heads with a few bytes changed, dropped or doubled: nothing traps, and no cut changes the answer.
    @Test(arguments: UInt64(1)...8) func damagedHeadsAreJudgedAlikeAtAnyCut(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<60 {
            var wire = try #require(RequestHeadParserTests.accepted.randomElement(using: &generator)).wire
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let position = Int.random(in: 0..<wire.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: wire[position] = try #require(Self.interesting.randomElement(using: &generator))
                case 1: wire.remove(at: position)
                default: wire.insert(wire[position], at: position)
                }
            }
            var parser = RequestHeadParser()
            let outcome = parser.outcome(wire[...])
            expectConsistent(HeadRow("seed \(seed), round \(round)", bytes: wire, outcome))
        }
    }
}
