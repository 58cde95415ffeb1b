import Testing

@testable import Upstreams

@Suite struct ServerPoolTests {
    private static func pool(
        _ count: Int, _ balance: Balance = .roundRobin, connectionsMax: Int? = nil, failuresMax: Int = 1
    ) -> ServerPool {
        var ejection = EjectionSettings()
        ejection.failuresMax = failuresMax
        ejection.spanFirst = 100
        return ServerPool(
            names: (0..<count).map { "10.0.0.\($0):80" }, balance: balance, ejection: ejection,
            connectionsMax: connectionsMax)
    }

    @Test func theyTakeTurns() throws {
        var pool = Self.pool(3)
        let turns = try (0..<7).map { _ in try pool.pick(source: 0, tried: [], now: 0).index }
        #expect(turns == [0, 1, 2, 0, 1, 2, 0])
        #expect(try pool.pick(source: 0, tried: [1], now: 0).index == 2)
        #expect(throws: ServerPool.Refusal.allTried) { try pool.pick(source: 0, tried: [2, 0, 1], now: 0) }
    }

    @Test func theLeastBusyIsChosen() throws {
        var pool = Self.pool(3, .leastConnections)
        var picks = try (0..<6).map { _ in try pool.pick(source: 0, tried: [], now: 0) }
        #expect(picks.map(\.index) == [0, 1, 2, 0, 1, 2])
        pool.ended(picks.remove(at: 4))
        #expect(try pool.pick(source: 0, tried: [], now: 0).index == 1)
        pool.calledOff(picks.remove(at: 0), now: 0)
        #expect(try pool.pick(source: 0, tried: [], now: 0).index == 0)
        #expect(pool.servers.map(\.active) == [2, 2, 2])
    }

    /// A server that falls out moves its own clients, and nobody else's; when it is back they are too.
    @Test func aClientStaysWithItsServer() throws {
        var pool = Self.pool(5, .source)
        let clients = (0..<1000).map { StableHash.mix(UInt64($0)) }
        let find = { (pool: inout ServerPool, client: UInt64) throws -> Int in
            let pick = try pool.pick(source: client, tried: [], now: 0)
            pool.ended(pick)
            return pick.index
        }
        let before = try clients.map { try find(&pool, $0) }
        for index in 0..<5 { #expect((140...260).contains(before.count { $0 == index }), "server \(index)") }
        let gone = try pool.pick(source: clients[0], tried: [], now: 0)
        _ = pool.failed(gone, now: 0)
        let without = try clients.map { try find(&pool, $0) }
        for (old, new) in zip(before, without) { #expect(old == gone.index ? new != old : new == old) }
        #expect(Set(zip(before, without).filter { $0 != $1 }.map(\.1)).count == 4, "they are spread")
        #expect(pool.succeeded(gone) == .returned)
        #expect(try clients.map { try find(&pool, $0) } == before)
    }

    @Test func oneThatFailsIsLeftOutAndTriedByOneClient() throws {
        var pool = Self.pool(2)
        let first = try pool.pick(source: 0, tried: [], now: 0)
        #expect(pool.failed(first, now: 0) == .ejected(for: 100))
        for _ in 0..<3 { #expect(try pool.pick(source: 0, tried: [], now: 99).index == 1) }
        let trial = try pool.pick(source: 0, tried: [], now: 100)
        #expect(trial == ServerPool.Pick(index: 0, isTrial: true))
        for _ in 0..<3 { #expect(try pool.pick(source: 0, tried: [], now: 100).index == 1) }
        #expect(pool.succeeded(trial) == .returned)
        #expect(try pool.pick(source: 0, tried: [], now: 100).index == 0)
    }

    @Test func whenAllAreOutTheSoonestIsTriedNevertheless() throws {
        var pool = Self.pool(3)
        for now in [10, 30, 20] as [UInt64] {
            _ = pool.failed(try pool.pick(source: 0, tried: [], now: now), now: now)
        }
        let pick = try pool.pick(source: 0, tried: [], now: 40)
        #expect(pick == ServerPool.Pick(index: 0, isTrial: false))
        #expect(try pool.pick(source: 0, tried: [0], now: 40).index == 2)
        #expect(pool.failed(pick, now: 50) == nil, "it is out already")
        #expect(pool.servers[0].health == .out(until: 110, span: 100))
    }

    @Test func aSingleServerIsNeverLeftOut() throws {
        var pool = Self.pool(1)
        for _ in 0..<5 {
            let pick = try pool.pick(source: 0, tried: [], now: 0)
            #expect(pool.failed(pick, now: 0) == nil)
        }
    }

    @Test func checksCountMoreThanGuesses() throws {
        var pool = Self.pool(2)
        var settings = CheckSettings()
        settings.rise = 1
        settings.fall = 1
        #expect(pool.checked(0, isAlive: false, settings) == .fell)
        _ = pool.failed(try pool.pick(source: 0, tried: [], now: 0), now: 0)
        #expect(try pool.pick(source: 0, tried: [], now: 0).index == 1, "out by a guess, but not down")
        #expect(throws: ServerPool.Refusal.allTried) { try pool.pick(source: 0, tried: [1], now: 0) }
        #expect(pool.checked(1, isAlive: false, settings) == .fell)
        #expect(throws: ServerPool.Refusal.allDown) { try pool.pick(source: 0, tried: [], now: 0) }
        #expect(pool.checked(1, isAlive: true, settings) == .rose)
        #expect(pool.servers[1].health == .new)
    }

    @Test func fullServersAreSkipped() throws {
        var pool = Self.pool(2, connectionsMax: 2)
        let picks = try (0..<4).map { _ in try pool.pick(source: 0, tried: [], now: 0) }
        #expect(throws: ServerPool.Refusal.allFull) { try pool.pick(source: 0, tried: [], now: 0) }
        pool.ended(picks[1])
        #expect(try pool.pick(source: 0, tried: [], now: 0).index == picks[1].index)
    }
}
