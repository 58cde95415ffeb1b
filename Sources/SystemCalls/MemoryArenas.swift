internal import CLinux

/// The heaps that malloc(3) hands memory out of.
package enum MemoryArenas {
    /// Threads share this many from now on, the first heap among them. To be called while there is one thread.
    /// mallopt(3), M_ARENA_MAX
    package static func limit(to count: Int) { clinux_limit_arenas(CInt(clamping: max(1, count))) }
}
