internal import CLinux
internal import Glibc

/// What the kernel allows this process.
package enum SystemLimits {
    /// Raises RLIMIT_NOFILE to its hard bound and gives what it was before.
    package static func raiseOpenFiles() -> ResourceLimit {
        let number = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        _ = unsafe getrlimit(number, &limit)
        let before = ResourceLimit(
            resource: CInt(RLIMIT_NOFILE.rawValue), soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(number, &limit)
        return before
    }

    /// RLIMIT_NOFILE's hard bound, which `raiseOpenFiles` leads to.
    package static var openFilesMax: Int {
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_max)
    }

    /// The processors this process may use, at least one.
    package static var usableCores: Int { max(1, Int(clinux_usable_cores())) }

    /// Physical memory in bytes.
    package static var memoryBytes: Int { sysconf(CInt(_SC_PHYS_PAGES)) * sysconf(CInt(_SC_PAGESIZE)) }
}
