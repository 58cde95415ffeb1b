/// The headings under which options are explained, in their order.
package enum OptionSection: String, CaseIterable, Sendable {
    case serving = "Serving"
    case program = "Program"
    case privileges = "Privileges of the program"
    case upstream = "TCP and unix servers"
    case files = "Static files"
    case messages = "Messages to and from the program or server"
    case access = "Access"
    case limits = "Limits and timeouts"
    case transport = "TLS and PROXY protocol"
    case logging = "Logging"

    /// Where most options of the section belong.
    var scope: OptionScope {
        switch self {
        case .serving, .transport, .logging: .server
        case .program, .privileges, .upstream, .files, .messages, .access, .limits: .route
        }
    }
}

/// What an option holds for, and with it where the file has it.
package enum OptionScope: Sendable {
    /// The command line alone.
    case commandLine
    /// The whole server: the top of the file.
    case server
    /// A route: `[[route]]`, or `[defaults]` for all.
    case route
    /// What a route does: `[[route]]` alone.
    case handler
}
