/// One option, or key of the file, as somebody wrote it.
package struct Setting: Sendable, Hashable {
    package let name: SettingName
    /// The value as written; a switch has `true` or `false`.
    package let value: String
    package let source: Source

    /// Where it was written, for the diagnostics.
    package enum Source: Sendable, Hashable {
        case commandLine
        /// Both count from 1, columns in code points.
        case file(line: Int, column: Int)
    }

    package init(_ option: OptionName, _ value: String, source: Source = .commandLine) {
        self.init(.option(option), value, source: source)
    }

    package init(_ name: SettingName, _ value: String, source: Source) {
        self.name = name
        self.value = value
        self.source = source
    }
}

/// What a setting sets.
package enum SettingName: Sendable, Hashable {
    case option(OptionName)
    case key(FileKey)
}

/// The keys that only the file has, because the command line knows one route and no more about a listener than where it
/// is.
package enum FileKey: String, CaseIterable, Sendable {
    case address, mode, owner, redirect
    case name, host, path

    /// What docs/options.md says of it.
    package var help: (table: String, syntax: String, text: String) {
        switch self {
        case .address:
            ("`[[listener]]`", "ADDR:PORT|unix:PATH", "Where to listen.")
        case .mode:
            ("`[[listener]]`", "OCTAL", "The file mode of a unix socket, like \"0660\". Without it the umask decides.")
        case .owner:
            ("`[[listener]]`", "USER|USER:GROUP|:GROUP", "Whose a unix socket is. Without it: the server's.")
        case .redirect:
            ("`[[listener]]`", "https|https:PORT", "Send everybody to https, by default to the first port with TLS.")
        case .name:
            (
                "`[[route]]`, `[[listener]]`", "TEXT",
                "Of a route: what logs and messages call it; without it: host and path. Of a listener: the name of the "
                    + "service manager's socket that it takes (FileDescriptorName=)."
            )
        case .host:
            ("`[[route]]`", "LIST", "Hosts it is for: app.example, *.example.org. Without it: all.")
        case .path:
            ("`[[route]]`", "PATH", "Paths it is for: /chat, /files/*, /room/{name}. Without it: /*.")
        }
    }
}
