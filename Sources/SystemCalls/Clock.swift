internal import Glibc

/// clock_gettime(2), in nanoseconds.
package enum Clock {
    package static var monotonic: UInt64 { Self.read(CLOCK_MONOTONIC) }

    /// Since 1970-01-01 00:00 UTC.
    package static var wall: UInt64 { Self.read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
