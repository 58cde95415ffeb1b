import IOCore
import SystemCalls
import Testing

@testable import Reactor

private final class Handler: ReadinessHandler {
    var count = 0
    var onReady: () -> Void = {}
    override func ready(_ readiness: Readiness, on descriptor: CInt) {
        self.count += 1
        self.onReady()
    }
    override func close() {}
}

@Suite struct RegistryTests {
    @Test func anOldRegistrationOfTheSameNumberFindsNobody() {
        var registry = Registry()
        let (first, second) = (Handler(), Handler())
        let old = registry.add(first, descriptor: 7)
        #expect(registry.handler(of: old) === first)
        registry.remove(old)
        #expect(registry.handler(of: old) == nil)
        let new = registry.add(second, descriptor: 7)
        #expect(registry.handler(of: old) == nil)
        #expect(registry.handler(of: new) === second)
        registry.remove(old)
        #expect(registry.handler(of: new) === second, "an old name takes nothing away")
    }

    @Test func aNumberFromNowhereFindsNobody() {
        var registry = Registry()
        _ = registry.add(Handler(), descriptor: 3)
        for descriptor: CInt in [-1, 0, 2, 4, .max] {
            #expect(registry.handler(of: RegistrationID(descriptor: descriptor, generation: 1)) == nil)
        }
    }

    /// The kernel reuses a descriptor number while an event for its old owner is still in the batch.
    @Test func aStaleEventOfTheBatchReachesNobody() throws {
        let reactor = try Reactor(pool: .forTests())
        let (firstEnds, secondEnds) = (try Ends.socketPair(), try Ends.socketPair())
        let (first, second, third) = (Handler(), Handler(), Handler())
        let firstID = try reactor.register(first, descriptor: firstEnds.near, .input)
        let secondID = try reactor.register(second, descriptor: secondEnds.near, .input)
        var reused: Ends?
        /// Whoever hears first closes the other and lets a silent pair take the number over.
        func replace(_ id: RegistrationID, _ descriptor: CInt) -> () -> Void {
            {
                guard reused == nil else { return }
                reactor.deregister(id)
                reused = try? Ends.socketPair(replacing: descriptor)
                _ = try? reactor.register(third, descriptor: descriptor, .input)
            }
        }
        first.onReady = replace(secondID, secondEnds.near)
        second.onReady = replace(firstID, firstEnds.near)
        firstEnds.writeFar([1])
        secondEnds.writeFar([1])
        reactor.atEndOfTurn { reactor.stop() }
        reactor.run()
        #expect(first.count + second.count == 1)
        #expect(third.count == 0)
    }
}
