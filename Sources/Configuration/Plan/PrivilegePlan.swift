/// What the program may do less than the server.
package struct PrivilegePlan: Sendable, Equatable {
    package var user: AccountName?
    package var group: AccountName?
    /// File mode bits the program's files never get; nil: the server's.
    package var umask: UInt16?
    package var nice: Int?
    package var noNewPrivileges: Bool
    package var resourceLimits: [ResourceLimit]
}

/// A user or group as written; names are looked up when the server starts.
package enum AccountName: OptionValue, Equatable {
    case id(UInt32)
    case name(String)

    package init(parsing text: String) throws(ValueFault) {
        if let id = UInt32(text), id != .max {
            self = .id(id)
        } else {
            // What useradd accepts, loosely: the system has the last word.
            guard !text.isEmpty, text.utf8.count <= 32, !text.contains(where: { ": /\n\0,+".contains($0) })
            else {
                throw ValueFault(
                    "not a name or number", remedy: "write a name like www-data or a number like 1000")
            }
            self = .name(text)
        }
    }

    package var description: String {
        switch self {
        case .id(let id): "\(id)"
        case .name(let name): name
        }
    }
}

/// One limit the kernel enforces on the program: `nofile=256`, `as=1GiB`, `cpu=60`.
package struct ResourceLimit: OptionValue, Equatable {
    /// The names of `prlimit` and `ulimit` documentation: RLIMIT_ and the name in capitals.
    package enum Resource: String, Choice {
        case addressSpace = "as"
        case core, cpu, data, fsize, memlock, nofile, nproc, stack
    }

    package var resource: Resource
    package var value: Limit<ByteCount>

    package init(parsing text: String) throws(ValueFault) {
        guard let equals = text.firstIndex(of: "=") else {
            throw ValueFault("has no value", remedy: "write name=value, like nofile=256 or as=1GiB")
        }
        self.resource = try Resource(parsing: String(text[..<equals]))
        self.value = try Limit(parsing: String(text[text.index(after: equals)...]))
    }

    package var description: String { "\(self.resource)=\(self.value)" }
}
