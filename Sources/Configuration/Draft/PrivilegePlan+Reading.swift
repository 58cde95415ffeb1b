extension PrivilegePlan {
    static func read(_ reader: inout SettingReader) -> PrivilegePlan {
        let user: AccountName? = reader.value(.user)
        let group: AccountName? = reader.value(.group)
        if let user { reader.report(.user, reader.surroundings.obstacle(toRunningAs: user)) }
        if let group { reader.report(.group, reader.surroundings.obstacle(toJoining: group)) }
        return PrivilegePlan(
            user: user,
            group: group,
            umask: reader.value(.umask, as: FileModeMask.self)?.bits,
            nice: reader.value(.nice, in: -20...19),
            noNewPrivileges: reader.flag(.noNewPrivileges),
            resourceLimits: Self.resourceLimits(&reader))
    }

    /// No error: who checks the file of a service is seldom who runs it.
    func warn(_ reader: inout SettingReader) {
        guard self.user != nil || self.group != nil, !reader.surroundings.mayChangeUser else { return }
        reader.report(
            self.user == nil ? .group : .user,
            "who runs this now may not start programs as somebody else, and every client would be answered 503",
            remedy: "run the server as root, or with CAP_SETUID and CAP_SETGID", severity: .warning)
    }

    private static func resourceLimits(_ reader: inout SettingReader) -> [ResourceLimit] {
        let limits: [ResourceLimit] = reader.values(.rlimit)
        for (index, limit) in limits.enumerated()
        where limits[..<index].contains(where: { $0.resource == limit.resource }) {
            reader.report(.rlimit, "\(limit.resource) is there twice", remedy: "give it once")
        }
        return limits
    }
}

/// Three octal digits as `umask` takes them.
private struct FileModeMask: OptionValue {
    let bits: UInt16

    init(parsing text: String) throws(ValueFault) {
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x37 }), let bits = UInt16(text, radix: 8),
            bits <= 0o777
        else {
            throw ValueFault("not a file mode mask", remedy: "write octal digits from 000 to 777, like 027")
        }
        self.bits = bits
    }

    var description: String { String(self.bits, radix: 8) }
}
