import Testing
import Upstreams

@Suite struct NameCacheTests {
    private typealias Cache = NameCache<Int, String>

    private static func cache(entriesMax: Int = 3, waitersMax: Int = 4) -> Cache {
        var settings = NameCacheSettings()
        settings.goodFor = 30
        settings.badFor = 5
        settings.entriesMax = entriesMax
        settings.waitersMax = waitersMax
        return Cache(settings)
    }

    private static func ask(_ cache: inout Cache, _ name: String, _ waiter: String = "", at now: UInt64) -> String {
        switch cache.ask(name, waiter, now: now) {
        case .answered(let answer): "\(answer)"
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
        #expect(cache.answered("a", 7, isGood: true, now: 2) == ["1", "2"])
        #expect(cache.answered("a", 8, isGood: true, now: 2) == [], "nobody has asked again")
        #expect(cache.waiterCount == 1)
    }

    @Test func answersGrowOld() {
        var cache = Self.cache()
        for (name, isGood) in [("good", true), ("bad", false)] {
            #expect(Self.ask(&cache, name, at: 0) == "ask")
            #expect(cache.answered(name, 7, isGood: isGood, now: 10).count == 1)
        }
        #expect(Self.ask(&cache, "good", at: 39) == "7")
        #expect(Self.ask(&cache, "good", at: 40) == "ask")
        #expect(Self.ask(&cache, "bad", at: 14) == "7")
        #expect(Self.ask(&cache, "bad", at: 15) == "ask")
    }

    @Test func theNumberOfNamesIsBounded() {
        var cache = Self.cache()
        for (index, name) in ["a", "b", "c"].enumerated() {
            #expect(Self.ask(&cache, name, at: 0) == "ask")
            #expect(cache.answered(name, index, isGood: true, now: UInt64(index)).count == 1)
        }
        #expect(Self.ask(&cache, "d", at: 3) == "ask")
        #expect(cache.count == 3)
        #expect(Self.ask(&cache, "b", at: 3) == "1", "the oldest went")
        #expect(Self.ask(&cache, "e", at: 3) == "ask")
        #expect(Self.ask(&cache, "f", at: 3) == "ask")
        #expect(Self.ask(&cache, "g", at: 3) == "refused", "all places are taken by questions")
        #expect(cache.count == 3)
        #expect(cache.answered("e", 9, isGood: false, now: 3).count == 1)
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
