internal import IOCore

/// Streams whose input waits in the kernel because the pool could not hold what it may lead to.
///
/// They go on as soon as there is room. One that waited too long ends: what it holds of the pool is what others,
/// and perhaps itself, are waiting for.
struct ParkedStreams {
    /// How often the pool is looked at while somebody waits and nothing else happens.
    static let checkMilliseconds: UInt64 = 50
    /// Nanoseconds a stream waits before it is ended; longer than a slow sink needs to take a window.
    private static let patience: UInt64 = 10_000_000_000

    private var waiting: [(stream: DescriptorStream, since: UInt64)] = []

    var isEmpty: Bool { self.waiting.isEmpty }

    mutating func add(_ stream: DescriptorStream, now: UInt64) {
        self.waiting.append((stream, now))
    }

    mutating func release(hasRoom: Bool, now: UInt64) {
        if hasRoom {
            let released = self.waiting
            self.waiting = []
            for entry in released { entry.stream.unpark() }
            return
        }
        while let oldest = self.waiting.first, now &- oldest.since > Self.patience {
            self.waiting.removeFirst()
            oldest.stream.starve()
        }
    }
}
