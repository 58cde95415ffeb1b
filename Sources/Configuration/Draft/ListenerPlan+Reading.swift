extension ListenerPlan {
    /// A `[[listener]]` of the file. `console` is what holds for all.
    static func read(_ reader: inout SettingReader, console: ConsoleMode) -> ListenerPlan? {
        let address: ListenAddress? = reader.value(key: .address)
        let redirect: HTTPSRedirect? = reader.value(key: .redirect)
        let transport = TransportPlan.read(&reader, servesOthers: false)
        if reader.isGiven(key: .redirect), transport.tls != nil {
            reader.report(
                key: .redirect, "who comes in here by https is where it leads already",
                remedy: "leave out TLS of this listener, or this")
        }
        let console: ConsoleMode = reader.value(.console) ?? console
        let name = reader.value(key: .name, as: SocketName.self)?.text
        let mode = reader.value(key: .mode, as: FileModeBits.self)?.bits
        let owner: AccountPair? = reader.value(key: .owner)
        if let user = owner?.user { reader.report(key: .owner, reader.surroundings.obstacle(toRunningAs: user)) }
        if let group = owner?.group { reader.report(key: .owner, reader.surroundings.obstacle(toJoining: group)) }
        guard let address else {
            if !reader.isGiven(key: .address) {
                reader.report(key: .address, "a listener needs one", remedy: "write one, like \"127.0.0.1:8080\"")
            }
            return nil
        }
        switch address {
        case .tcp:
            for key in [FileKey.mode, .owner] where reader.isGiven(key: key) {
                reader.report(key: key, "\(address) is no file", remedy: "leave it out, or listen on unix:/path")
            }
        case .unix(let path):
            reader.report(key: .address, reader.surroundings.obstacle(toListeningAt: path))
        }
        var plan = ListenerPlan(
            address, console: console, mode: mode, owner: owner?.user, group: owner?.group, transport: transport,
            redirect: redirect)
        plan.name = name
        return plan
    }
}

/// `user`, `user:group` or `:group`, as chown(1) takes them.
private struct AccountPair: OptionValue {
    let user: AccountName?
    let group: AccountName?

    init(parsing text: String) throws(ValueFault) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let group = parts.count == 2 ? parts[1] : ""
        guard parts.first?.isEmpty == false || !group.isEmpty else {
            throw ValueFault("names nobody", remedy: "write user, user:group or :group")
        }
        self.user = parts[0].isEmpty ? nil : try AccountName(parsing: parts[0])
        self.group = group.isEmpty ? nil : try AccountName(parsing: group)
    }

    var description: String {
        "\(self.user?.description ?? "")\(self.group.map { ":\($0)" } ?? "")"
    }
}

/// As LISTEN_FDNAMES carries names: sd_listen_fds_with_names(3).
private struct SocketName: OptionValue {
    let text: String

    init(parsing text: String) throws(ValueFault) {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }) else {
            throw ValueFault(
                "no name of a socket", remedy: "write letters without colons, as FileDescriptorName= has them")
        }
        self.text = text
    }

    var description: String { self.text }
}

/// Octal digits as chmod(1) takes them.
private struct FileModeBits: OptionValue {
    let bits: UInt16

    init(parsing text: String) throws(ValueFault) {
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x37 }), let bits = UInt16(text, radix: 8), bits <= 0o777
        else {
            throw ValueFault("not a file mode", remedy: "write octal digits from \"000\" to \"777\", like \"0660\"")
        }
        self.bits = bits
    }

    var description: String { String(self.bits, radix: 8) }
}
