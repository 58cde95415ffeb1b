import SystemCalls
import Testing

@Suite struct SemaphoreTests {
    @Test func countsWhatWasPosted() {
        let bell = Bell()
        #expect(!bell.waits(milliseconds: 0))
        bell.semaphore.post()
        bell.semaphore.post()
        bell.semaphore.wait()
        #expect(bell.waits(milliseconds: 0))
        #expect(!bell.waits(milliseconds: 1))
    }

    @Test func waitsAsLongAsItWasTold() {
        let before = Clock.monotonic
        #expect(!Bell().waits(milliseconds: 1020))
        #expect(Clock.monotonic - before >= 1_020_000_000)
    }

    @Test func wakesAnotherThread() throws {
        let (there, back) = (Bell(), Bell())
        let thread = try JoinableThread(name: "waiting") {
            there.semaphore.wait()
            back.semaphore.post()
        }
        #expect(!back.waits(milliseconds: 0))
        there.semaphore.post()
        #expect(back.waits(milliseconds: 10_000))
        thread.join()
    }

    /// Several threads name a semaphore through the object that has it.
    private final class Bell: Sendable {
        let semaphore = Semaphore()
        func waits(milliseconds: UInt32) -> Bool { self.semaphore.wait(milliseconds: milliseconds) }
    }
}
