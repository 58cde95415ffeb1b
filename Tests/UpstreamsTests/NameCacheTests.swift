import Testing
import Upstreams

@Suite struct NameCacheTests {
    private typealias Cache = NameCache<Int, String>

    private static func cache(entriesMax: Int = 3, waitersMax: Int = 4) -> Cache {
        var settings = NameCacheSettings()
        settings.goodFor = 30
        settings.badFor = 5
        settings.staleFor = 100
        settings.entriesMax = entriesMax
        settings.waitersMax = waitersMax
        return Cache(settings)
    }

    private static func ask(_ cache: inout Cache, _ name: String, _ waiter: String = "", at now: UInt64) -> String {
        switch cache.ask(name, waiter, now: now) {
        case .answered(let answer): "\(answer)"
        case .refresh(let answer): "\(answer) and ask"
        case .joined: "joined"
        case .ask: "ask"
        case .refused: "refused"
        }
    }

    @Test func identicalQuestionsAreOne() {
        var cache = Self.cache()
        #expect(Self.ask(&cache, "a", "1", at: 0) == "ask")
        #expect(Self.ask(&cache, "a", "2", at: 1) == "joined")
        #expect(Self.ask(&cache, "b", "3", at: 1) == "ask")
        #expect(cache.answered("a", 7, .good, now: 2).waiters == ["1", "2"])
        #expect(cache.answered("a", 8, .good, now: 2).waiters == [], "nobody has asked again")
        #expect(cache.waiterCount == 1)
    }

    @Test func answersGrowOld() {
        var cache = Self.cache()
        for (name, verdict) in [("good", NameVerdict.good), ("bad", .bad), ("none", .noAnswer)] {
            #expect(Self.ask(&cache, name, at: 0) == "ask")
            #expect(cache.answered(name, 7, verdict, now: 10).waiters.count == 1)
        }
        #expect(Self.ask(&cache, "good", at: 39) == "7")
        #expect(Self.ask(&cache, "good", at: 40) == "ask")
        for name in ["bad", "none"] {
            #expect(Self.ask(&cache, name, at: 14) == "7")
            #expect(Self.ask(&cache, name, at: 15) == "ask")
        }
    }

    @Test func anOldAnswerServesOnWhileNobodyTellsANewerOne() {
        var cache = Self.cache()
        let settle = { (cache: inout Cache, answer: Int, verdict: NameVerdict, now: UInt64) -> String in
            let told = cache.answered("a", answer, verdict, now: now)
            return "\(told.answer) for \(told.waiters.joined())"
        }
        #expect(Self.ask(&cache, "a", "1", at: 0) == "ask")
        #expect(settle(&cache, 7, .good, 0) == "7 for 1")
        #expect(Self.ask(&cache, "a", "2", at: 30) == "ask")
        #expect(settle(&cache, 8, .noAnswer, 40) == "7 for 2")
        #expect(Self.ask(&cache, "a", at: 44) == "7")
        #expect(Self.ask(&cache, "a", at: 45) == "7 and ask", "nobody waits for silence")
        #expect(Self.ask(&cache, "a", at: 100) == "7")
        #expect(settle(&cache, 9, .noAnswer, 129) == "7 for ")
        #expect(Self.ask(&cache, "a", at: 130) == "7")
        #expect(Self.ask(&cache, "a", "3", at: 134) == "ask", "too old now")
        #expect(settle(&cache, 9, .noAnswer, 134) == "9 for 3")
        #expect(cache.waiterCount == 0)
    }

    @Test func aNameThatIsGoneIsGoneAtOnce() {
        var cache = Self.cache()
        #expect(Self.ask(&cache, "a", at: 0) == "ask")
        _ = cache.answered("a", 7, .good, now: 0)
        #expect(Self.ask(&cache, "a", at: 30) == "ask")
        #expect(cache.answered("a", 8, .bad, now: 31).answer == 8)
        #expect(Self.ask(&cache, "a", at: 32) == "8")
    }

    @Test func theNumberOfNamesIsBounded() {
        var cache = Self.cache()
        for (index, name) in ["a", "b", "c"].enumerated() {
            #expect(Self.ask(&cache, name, at: 0) == "ask")
            #expect(cache.answered(name, index, .good, now: UInt64(index)).waiters.count == 1)
        }
        #expect(Self.ask(&cache, "d", at: 3) == "ask")
        #expect(cache.count == 3)
        #expect(Self.ask(&cache, "b", at: 3) == "1", "the oldest went")
        #expect(Self.ask(&cache, "e", at: 3) == "ask")
        #expect(Self.ask(&cache, "f", at: 3) == "ask")
        #expect(Self.ask(&cache, "g", at: 3) == "refused", "all places are taken by questions")
        #expect(cache.count == 3)
        #expect(cache.answered("e", 9, .bad, now: 3).waiters.count == 1)
        #expect(Self.ask(&cache, "g", at: 100) == "ask")
    }

    @Test func theNumberOfThoseWhoWaitIsBounded() {
        var cache = Self.cache()
        #expect(Self.ask(&cache, "a", "1", at: 0) == "ask")
        for waiter in ["2", "3", "4"] { #expect(Self.ask(&cache, "a", waiter, at: 0) == "joined") }
        #expect(Self.ask(&cache, "a", "5", at: 0) == "refused")
        #expect(Self.ask(&cache, "b", "5", at: 0) == "refused")
        #expect(cache.count == 1)
        #expect(cache.removeAll() == ["1", "2", "3", "4"])
        #expect(cache.waiterCount == 0)
        #expect(Self.ask(&cache, "a", "1", at: 0) == "ask")
    }
}
