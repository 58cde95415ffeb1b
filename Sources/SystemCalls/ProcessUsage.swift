internal import Glibc

/// What this process holds of the system.
package struct ProcessUsage: Equatable, Sendable {
    package let residentBytes: UInt64
    package let virtualBytes: UInt64
    package let descriptorsOpen: UInt64
    package let descriptorsMax: UInt64

    /// Reads /proc/self (proc(5)); 0 stands for what it does not tell, as where it is not mounted. The descriptors are
    /// listed one by one, which takes some milliseconds for ten thousand: nothing for a worker's thread.
    package static func read() -> ProcessUsage {
        let pages = Self.memoryPages()
        let pageBytes = UInt64(clamping: sysconf(CInt(_SC_PAGESIZE)))
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessUsage(
            residentBytes: pages.resident &* pageBytes, virtualBytes: pages.size &* pageBytes,
            descriptorsOpen: Self.openDescriptors(), descriptorsMax: UInt64(limit.rlim_cur))
    }

    /// The first two numbers of /proc/self/statm.
    private static func memoryPages() -> (size: UInt64, resident: UInt64) {
        let raw = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return (0, 0) }
        let file = Descriptor(owning: raw)
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = unsafe Glibc.read(file.rawValue, &bytes, bytes.count)
        let numbers = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: " ")).prefix(2).map {
            UInt64(String(decoding: $0, as: UTF8.self)) ?? 0
        }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : (0, 0)
    }

    private static func openDescriptors() -> UInt64 {
        guard let directory = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { unsafe closedir(directory) }
        var count: UInt64 = 0
        while unsafe readdir(directory) != nil { count += 1 }
        // `.`, `..`, and the directory that is being read.
        return count > 3 ? count - 3 : 0
    }
}
