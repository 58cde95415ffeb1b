import HTTP1
import Testing

@Suite struct RequestHeadMutationTests {
    /// A small generator (Knuth's MMIX), so that a failing seed fails again.
    private struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return self.state ^ (self.state >> 33)
        }
    }

    /// Bytes that mean something somewhere in a head.
    private static let interesting = Array("\r\n\t :,#?%*/[]@\u{0}\u{7F}1aH".utf8) + [0x80, 0xFF]

    /// Good heads with a few bytes changed, dropped or doubled: nothing traps, and no cut changes the answer.
    @Test(arguments: UInt64(1)...8) func damagedHeadsAreJudgedAlikeAtAnyCut(_ seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
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
