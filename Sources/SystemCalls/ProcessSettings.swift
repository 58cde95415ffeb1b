/// How a child differs from the server in what execve(2) keeps; an absent value keeps the server's.
package struct ChildSettings: Sendable, Equatable {
    package var workingDirectory: String?
    /// umask(2), the permission bits that new files do not get.
    package var fileModeMask: UInt16?
    /// The niceness itself, -20 to 19, not a step.
    package var niceness: Int32?
    package var credentials: Credentials?
    package var limits: [ResourceLimit] = []
    /// setuid programs below the child gain nothing.
    package var noNewPrivileges = false

    package init() {}
}

/// Whom a child runs as. Needs a privileged server.
package struct Credentials: Sendable, Equatable {
    package var user: UInt32?
    package var group: UInt32?
    /// Replaces the server's supplementary groups, which a child under another user must not keep.
    package var extraGroups: [UInt32]

    package init(user: UInt32?, group: UInt32?, extraGroups: [UInt32] = []) {
        self.user = user
        self.group = group
        self.extraGroups = extraGroups
    }
}

/// One rlimit; `unlimited` is RLIM_INFINITY.
package struct ResourceLimit: Sendable, Equatable {
    package static let unlimited = UInt64.max

    /// RLIMIT_*.
    package var resource: Int32
    package var soft: UInt64
    package var hard: UInt64

    package init(resource: Int32, soft: UInt64, hard: UInt64) {
        self.resource = resource
        self.soft = soft
        self.hard = hard
    }
}
