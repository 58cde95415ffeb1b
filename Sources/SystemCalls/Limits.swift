internal import CLinux
internal import Glibc

/// What the kernel allows this process.
package enum SystemLimits {
    /// Raises RLIMIT_NOFILE to its hard bound and gives what is then allowed.
    package static func raiseOpenFiles() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// The processors this process may use, at least one.
    package static var usableCores: Int { max(1, Int(clinux_usable_cores())) }

    /// Physical memory in bytes.
    package static var memoryBytes: Int { sysconf(CInt(_SC_PHYS_PAGES)) * sysconf(CInt(_SC_PAGESIZE)) }
}
