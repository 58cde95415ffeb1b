internal import Glibc

/// A value that one thread at a time may touch.
///
/// In place of `Synchronization.Mutex`, which ThreadSanitizer does not see (docs/decisions.md): it would report every
/// access under a contended lock and so hide the races that are true. "public", as generic code is specialized only in
/// modules that see it; nothing leaves the package.
@safe
public struct Lock<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    @usableFromInline let mutex = Mutex()
    @usableFromInline let value: UnsafeMutablePointer<Value>

    @inlinable
    public init(_ value: consuming sending Value) {
        unsafe self.value = .allocate(capacity: 1)
        unsafe self.value.initialize(to: value)
    }

    @inlinable
    deinit {
        unsafe self.value.deinitialize(count: 1)
        unsafe self.value.deallocate()
    }

    /// Waits for the lock, lends the value, and unlocks; not from inside `body`.
    @inlinable
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        self.mutex.lock()
        defer { self.mutex.unlock() }
        return try unsafe body(&self.value.pointee)
    }
}

/// pthread_mutex_lock(3)
@safe
@usableFromInline
struct Mutex: ~Copyable, @unchecked Sendable {
    /// At one address for life, as pthread_mutex_init demands.
    private let storage: UnsafeMutablePointer<pthread_mutex_t>

    @usableFromInline
    init() {
        unsafe self.storage = .allocate(capacity: 1)
        // A thread that takes a lock it holds is a fault to be told, not a thread that stands still for ever.
        var attributes = pthread_mutexattr_t()
        unsafe pthread_mutexattr_init(&attributes)
        unsafe pthread_mutexattr_settype(&attributes, CInt(PTHREAD_MUTEX_ERRORCHECK))
        let answer = unsafe pthread_mutex_init(self.storage, &attributes)
        precondition(answer == 0, "pthread_mutex_init fails for attributes that are not to be had only")
        unsafe pthread_mutexattr_destroy(&attributes)
    }

    @usableFromInline
    deinit {
        unsafe pthread_mutex_destroy(self.storage)
        unsafe self.storage.deallocate()
    }

    @usableFromInline
    borrowing func lock() {
        let answer = unsafe pthread_mutex_lock(self.storage)
        precondition(answer == 0, "a lock is not taken again by the thread that holds it")
    }

    @usableFromInline
    borrowing func unlock() {
        _ = unsafe pthread_mutex_unlock(self.storage)
    }
}
