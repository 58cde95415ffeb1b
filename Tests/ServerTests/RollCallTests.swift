@testable import Server
import Testing

@Suite struct RollCallTests {
    @Test func aRoundIsOverWhenAllHaveAnswered() {
        var roll = RollCall<String>(workers: 3)
        #expect(roll.begin() == [0, 1, 2])
        #expect(roll.isUnderWay)
        #expect(roll.take("a", of: 0) == nil)
        #expect(roll.take("c", of: 2) == nil)
        #expect(texts(roll.take("b", of: 1)) == ["a up", "b up", "c up"])
        #expect(!roll.isUnderWay)
    }

    @Test func whoIsSilentKeepsItsLastAnswer() {
        var roll = RollCall<String>(workers: 3)
        _ = roll.begin()
        _ = roll.take("a", of: 0)
        _ = roll.take("b", of: 1)
        #expect(texts(roll.end()) == ["a up", "b up", "nothing down"])
        _ = roll.begin()
        _ = roll.take("A", of: 0)
        #expect(texts(roll.end()) == ["A up", "b down", "nothing down"])
    }

    /// A mailbox that nobody empties must not grow with every scrape.
    @Test func whoOwesAnAnswerIsNotAskedAgain() {
        var roll = RollCall<String>(workers: 2)
        #expect(roll.begin() == [0, 1])
        _ = roll.take("a", of: 0)
        _ = roll.end()
        for _ in 0..<3 {
            #expect(roll.begin() == [0])
            _ = roll.take("a", of: 0)
            _ = roll.end()
        }
        // It comes round between two rounds: then it owes nothing any more.
        #expect(roll.take("b", of: 1) == nil)
        #expect(roll.begin() == [0, 1])
        _ = roll.take("a", of: 0)
        #expect(texts(roll.take("B", of: 1)) == ["a up", "B up"])
    }

    @Test func aLateAnswerIsGoodForTheRoundUnderWay() {
        var roll = RollCall<String>(workers: 1)
        #expect(roll.begin() == [0])
        #expect(texts(roll.end()) == ["nothing down"])
        #expect(roll.begin() == [])
        #expect(texts(roll.take("late", of: 0)) == ["late up"])
    }

    @Test func anAnswerOfNobodyIsNothing() {
        var roll = RollCall<String>(workers: 1)
        #expect(roll.take("x", of: 1) == nil)
        #expect(roll.take("x", of: -1) == nil)
    }

    private func texts(_ outcomes: [RollCall<String>.Outcome]?) -> [String]? {
        outcomes?.map { "\($0.answer ?? "nothing") \($0.isUp ? "up" : "down")" }
    }
}
