internal import Glibc

extension ResourceLimit {
    /// RLIMIT_* by the names of getrlimit(2), in lower case and without the prefix; nil for another name.
    package static func number(of name: String) -> Int32? {
        switch name {
        case "as": Int32(RLIMIT_AS.rawValue)
        case "core": Int32(RLIMIT_CORE.rawValue)
        case "cpu": Int32(RLIMIT_CPU.rawValue)
        case "data": Int32(RLIMIT_DATA.rawValue)
        case "fsize": Int32(RLIMIT_FSIZE.rawValue)
        case "memlock": Int32(__RLIMIT_MEMLOCK.rawValue)
        case "nofile": Int32(RLIMIT_NOFILE.rawValue)
        case "nproc": Int32(__RLIMIT_NPROC.rawValue)
        case "stack": Int32(RLIMIT_STACK.rawValue)
        case _: nil
        }
    }
}
