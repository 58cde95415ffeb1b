import SystemCalls
import Testing

@Suite struct LockTests {
    private struct Refusal: Error {}

    @Test func noChangeIsLost() throws {
        let count = Shared(Lock(0))
        let threads = try (0..<4).map { _ in
            try JoinableThread(name: "counter") {
                for _ in 0..<20_000 { count.value.withLock { $0 += 1 } }
            }
        }
        for thread in threads { thread.join() }
        let total = count.value.withLock { $0 }
        #expect(total == 80_000)
    }

    @Test func aThrowUnlocks() {
        let lock = Lock([1])
        #expect(throws: Refusal.self) {
            try lock.withLock { numbers throws(Refusal) in
                numbers.append(2)
                throw Refusal()
            }
        }
        let numbers = lock.withLock { $0 }
        #expect(numbers == [1, 2])
    }

    @Test func itsValueGoesWithIt() {
        weak var seen: Object?
        do {
            let lock = Lock<Object?>(nil)
            lock.withLock { $0 = Object() }
            seen = lock.withLock { $0 }
            #expect(seen != nil)
        }
        #expect(seen == nil)
    }

    @Test func takingItTwiceStops() async {
        await #expect(processExitsWith: .failure) {
            let lock = Lock(0)
            lock.withLock { _ in lock.withLock { _ in } }
        }
    }

    /// Several threads name a lock through the object that has it.
    private final class Shared: Sendable {
        let value: Lock<Int>
        init(_ value: consuming Lock<Int>) { self.value = value }
    }

    private final class Object: Sendable {}
}
