internal import Glibc

/// getpwnam(3), getgrnam(3) and getenv(3): names of this system.
package enum Accounts {
    /// The user id and the primary group of a user.
    package static func user(named name: String) -> (user: UInt32, group: UInt32)? {
        guard let entry = unsafe getpwnam(name) else { return nil }
        return unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }

    package static func group(named name: String) -> UInt32? {
        guard let entry = unsafe getgrnam(name) else { return nil }
        return unsafe entry.pointee.gr_gid
    }
}

package enum ProcessEnvironment {
    /// A variable of this process, as bytes.
    package static func value(of name: String) -> [UInt8]? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe (0..<strlen(value)).map { unsafe UInt8(bitPattern: value[$0]) }
    }
}
