import Testing

@testable import Upstreams

/// RFC 8305 as a table: what happens, and when.
@Suite struct AddressRaceTests {
    @Test(arguments: [
        ("", [Int]()),
        ("4", [0]),
        ("6444", [0, 1, 2, 3]),
        ("6644", [0, 2, 1, 3]),
        ("4466", [0, 2, 1, 3]),
        ("66664", [0, 4, 1, 2, 3]),
        ("66666666664", [0, 10, 1, 2, 3, 4, 5, 6]),
    ])
    func familiesTakeTurns(_ families: String, _ order: [Int]) {
        let race = AddressRace(families.map { $0 == "6" ? .ipv6 : .other })
        #expect(race.order == order)
    }

    /// What is asked of the race, in milliseconds, and what it must say.
    enum Move: CustomStringConvertible {
        case next(at: UInt64, AddressRace.Step)
        case failed

        var description: String {
            switch self {
            case .next(let time, let step): "\(time) ms: \(step)"
            case .failed: "failed"
            }
        }
    }

    static let delay = AddressRace.delay

    @Test(arguments: [
        ("nothing to try", "", [Move.next(at: 0, .lost)]),
        (
            "one address", "4",
            [.next(at: 5, .start(0)), .next(at: 5, .waitForAnswers), .failed, .next(at: 6, .lost)]
        ),
        (
            "a silent first one costs the delay", "64",
            [
                .next(at: 10, .start(0)), .next(at: 10, .wait(until: 10_000_000 + delay)),
                .next(at: 259, .wait(until: 10_000_000 + delay)), .next(at: 260, .start(1)),
                .next(at: 260, .waitForAnswers), .failed, .next(at: 300, .waitForAnswers), .failed,
                .next(at: 301, .lost),
            ]
        ),
        (
            "after a failure the next begins at once, with a delay of its own", "646",
            [
                .next(at: 0, .start(0)), .failed, .next(at: 1, .start(1)),
                .next(at: 1, .wait(until: 1_000_000 + delay)), .next(at: 251, .start(2)),
                .next(at: 251, .waitForAnswers),
            ]
        ),
        (
            "a failure of an older one hastens too", "646",
            [
                .next(at: 0, .start(0)), .next(at: 250, .start(1)), .failed, .next(at: 260, .start(2)),
                .failed, .failed, .next(at: 261, .lost),
            ]
        ),
    ])
    func runs(_ name: String, _ families: String, _ moves: [Move]) {
        var race = AddressRace(families.map { $0 == "6" ? .ipv6 : .other })
        for (index, move) in moves.enumerated() {
            switch move {
            case .next(let time, let step):
                #expect(race.next(now: time * 1_000_000) == step, "\(name), move \(index)")
            case .failed: race.failed()
            }
        }
    }
}
