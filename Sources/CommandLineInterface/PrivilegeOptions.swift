internal import ArgumentParser
internal import Configuration

/// What the program may do less than the server.
struct PrivilegeOptions: ParsableArguments {
    @Option(.user) var user: [String] = []
    @Option(.group) var group: [String] = []
    @Option(.umask) var umask: [String] = []
    @Option(.nice) var nice: [String] = []
    @Flag(.noNewPrivileges) var noNewPrivileges = false
    @Option(.rlimit) var rlimit: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.user, self.user),
            .given(.group, self.group),
            .given(.umask, self.umask),
            .given(.nice, self.nice),
            .given(.noNewPrivileges, self.noNewPrivileges),
            .given(.rlimit, self.rlimit),
        ]
        return given.flatMap(\.self)
    }
}
