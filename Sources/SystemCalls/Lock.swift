internal import Glibc

/// A value that one thread at a time may touch. pthread_mutex_lock(3)
///
/// In place of `Synchronization.Mutex`, which ThreadSanitizer does not see (docs/decisions.md): it would report every
/// access under a contended lock and so hide the races that are true.
@safe
package struct Lock<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    /// Both at one address for life, as pthread_mutex_init demands.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    package init(_ value: consuming sending Value) {
        unsafe self.mutex = .allocate(capacity: 1)
        unsafe self.value = .allocate(capacity: 1)
        unsafe self.value.initialize(to: value)
        // A thread that takes a lock it holds is a fault to be told, not a thread that stands still for ever.
        var attributes = pthread_mutexattr_t()
        var answer = unsafe pthread_mutexattr_init(&attributes)
        precondition(answer == 0, "pthread_mutexattr_init has no reason to fail")
        answer = unsafe pthread_mutexattr_settype(&attributes, CInt(PTHREAD_MUTEX_ERRORCHECK))
        precondition(answer == 0, "the type is one that exists")
        answer = unsafe pthread_mutex_init(self.mutex, &attributes)
        precondition(answer == 0, "pthread_mutex_init fails for attributes that are not to be had only")
        unsafe pthread_mutexattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_mutex_destroy(self.mutex)
        unsafe self.mutex.deallocate()
        unsafe self.value.deinitialize(count: 1)
        unsafe self.value.deallocate()
    }

    /// Waits for the lock, lends the value, and unlocks; not from inside `body`.
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        let answer = unsafe pthread_mutex_lock(self.mutex)
        precondition(answer == 0, "a lock is not taken again by the thread that holds it")
        defer { unsafe _ = pthread_mutex_unlock(self.mutex) }
        return try unsafe body(&self.value.pointee)
    }
}
