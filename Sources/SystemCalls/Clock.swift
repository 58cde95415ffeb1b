internal import Glibc

/// clock_gettime(2), in nanoseconds.
package enum Clock {
    package static var monotonic: UInt64 { Self.read(CLOCK_MONOTONIC) }

    /// Since 1970-01-01 00:00 UTC.
    package static var wall: UInt64 { Self.read(CLOCK_REALTIME) }

    /// Processor time that the calling thread has used.
    package static var thread: UInt64 { Self.read(CLOCK_THREAD_CPUTIME_ID) }

    /// Processor time that all threads of this process have used.
    package static var process: UInt64 { Self.read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

extension Clock {
    /// Stops this thread: never a worker's.
    package static func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }
}
