internal import CLinux
internal import Glibc

/// Counts wake-ups: a thread sleeps in `wait` until as many `post`s as `wait`s have happened. sem_init(3)
@safe
package struct Semaphore: ~Copyable, @unchecked Sendable {
    /// At one address for life, as sem_init demands.
    private let storage: UnsafeMutablePointer<sem_t>

    package init() {
        unsafe self.storage = .allocate(capacity: 1)
        let answer = unsafe sem_init(self.storage, 0, 0)
        precondition(answer == 0, "sem_init fails for a value above the maximum only")
    }

    deinit {
        unsafe sem_destroy(self.storage)
        unsafe self.storage.deallocate()
    }

    package borrowing func post() {
        _ = unsafe sem_post(self.storage)
    }

    package borrowing func wait() {
        while unsafe sem_wait(self.storage) != 0 && errno == EINTR {}
    }

    /// As `wait`, for so long at most; false when nobody posted. By a clock that nobody sets. sem_clockwait(3)
    package borrowing func wait(milliseconds: UInt32) -> Bool {
        unsafe clinux_semaphore_wait(self.storage, milliseconds)
    }
}
