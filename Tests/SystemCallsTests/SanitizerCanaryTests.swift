import CLinux
import Glibc
import SystemCalls
import Testing

/// What a sanitizer must find, in Swift and in C: a build that finds none of it says nothing by being quiet.
///
/// `Tests/Sanitizers/run.sh` runs them, each in a process of its own, by naming the sanitizer in WSBRIDGE_CANARIES.
@Suite struct SanitizerCanaryTests {
    private static let kind = unsafe getenv("WSBRIDGE_CANARIES").map { unsafe String(cString: $0) }

    /// What the sanitizer ends the process with, from its options in `run.sh`.
    private static let found = ExitTest.Condition.exitCode(66)

    /// Two threads that know nothing of each other.
    private static func twice(_ body: @escaping @Sendable () -> Void) throws {
        let threads = try (0..<2).map { _ in try JoinableThread(name: "canary", body) }
        for thread in threads { thread.join() }
    }

    @Test(.enabled(if: kind == "thread"))
    func aRaceInSwiftIsFound() async throws {
        let result = try await #require(processExitsWith: Self.found, observing: [\.standardErrorContent]) {
            let number = Unguarded()
            try SanitizerCanaryTests.twice { for _ in 0..<1000 { number.value &+= 1 } }
        }
        #expect(result.reports(" race"))
    }

    @Test(.enabled(if: kind == "thread"))
    func aRaceInCIsFound() async throws {
        let result = try await #require(processExitsWith: Self.found, observing: [\.standardErrorContent]) {
            let memory = Block(count: 1)
            try SanitizerCanaryTests.twice { for _ in 0..<100 { unsafe _ = clx_process_list(memory.start, 1) } }
        }
        #expect(result.reports(" race"))
    }

    /// The same, behind the lock that the server uses.
    @Test(.enabled(if: kind == "thread"))
    func aLockIsNotTakenForARace() async throws {
        await #expect(processExitsWith: .success) {
            let number = Lock(Unguarded())
            let shared = Guarded(number)
            try SanitizerCanaryTests.twice {
                for _ in 0..<1000 { shared.number.withLock { $0.value &+= 1 } }
            }
        }
    }

    @Test(.enabled(if: kind == "address"))
    func aUseAfterFreeInSwiftIsFound() async throws {
        let result = try await #require(processExitsWith: Self.found, observing: [\.standardErrorContent]) {
            let memory = Block(count: 4)
            unsafe memory.start.deallocate()
            unsafe memory.start[2] = 1
        }
        #expect(result.reports("heap-use-after-free"))
    }

    /// As many processes as run do not fit.
    @Test(.enabled(if: kind == "address"))
    func aWriteBeyondTheEndInCIsFound() async throws {
        let result = try await #require(processExitsWith: Self.found, observing: [\.standardErrorContent]) {
            let memory = Block(count: 1)
            unsafe _ = clx_process_list(memory.start, 1 << 20)
        }
        #expect(result.reports("heap-buffer-overflow"))
    }

    /// By the kernel, for which the sanitizer has to stand in.
    @Test(.enabled(if: kind == "address"))
    func aReadBeyondTheEndIsFound() async throws {
        let result = try await #require(processExitsWith: Self.found, observing: [\.standardErrorContent]) {
            let memory = Block(count: 1)
            let zeroes = unsafe open("/dev/zero", O_RDONLY)
            unsafe _ = clinux_read(zeroes, memory.start, 64)
        }
        #expect(result.reports("heap-buffer-overflow"))
    }

    /// The C code is built to trap on undefined behaviour; here it reads a struct that is not where one may be.
    @Test(.enabled(if: kind == "address"))
    func undefinedBehaviourInCTraps() async {
        await #expect(processExitsWith: .signal(SIGILL)) {
            let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 16)
            unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xff, count: 128)
            unsafe clx_place_close((memory + 1).assumingMemoryBound(to: clx_spawn_place.self))
        }
    }

    private final class Unguarded: @unchecked Sendable {
        var value = 0
    }

    private final class Guarded: Sendable {
        let number: Lock<Unguarded>
        init(_ number: consuming Lock<Unguarded>) { self.number = number }
    }

    @safe
    private final class Block: @unchecked Sendable {
        let start: UnsafeMutablePointer<pid_t>
        init(count: Int) { unsafe self.start = .allocate(capacity: count) }
    }
}

extension ExitTest.Result {
    fileprivate func reports(_ words: String) -> Bool {
        String(decoding: self.standardErrorContent, as: UTF8.self).contains(words)
    }
}
