internal import ArgumentParser
internal import Configuration

/// The manual pages, from the table of options and the commands: `wsbridge manual-page 1` and `5`.
enum ManualPage: String {
    case command = "1"
    case file = "5"

    var text: String {
        switch self {
        case .command: Self.commandText
        case .file: Self.fileText
        }
    }

    private static let commands: [any ParsableCommand.Type] = [
        CheckCommand.self, StatusCommand.self, ConnectCommand.self, BenchCommand.self,
    ]

    private static var commandText: String {
        var page = Roff("WSBRIDGE", section: 1, heading: "User Commands")
        page.section("Name")
        page.line("wsbridge - a WebSocket front for any program or TCP service")
        page.section("Synopsis")
        page.verbatim(ServeCommand.configuration.usage ?? "")
        page.section("Description")
        page.paragraph(ServeCommand.configuration.discussion)
        page.paragraph(
            "One line serves one program or server. Several, or several listeners, are served by a file: --config, "
                + "wsbridge.toml(5).")
        page.section("Commands")
        for command in Self.commands {
            page.entry(command.configuration.commandName ?? "", nil, command.configuration.abstract)
        }
        page.section("Options")
        page.paragraph(
            "Sizes are written 100, 64KiB, 1MiB; times 250ms, 30s, 5m, 1h; rates 100/s. Zero never means without "
                + "limit: unlimited does, where an option allows it. Lists are comma separated.")
        for section in OptionSection.allCases {
            page.subsection(section.rawValue)
            for row in OptionTable.rows(of: section) { page.entry(row.name.flag, row.syntax, row.fullHelp) }
        }
        for command in [ConnectCommand.self, BenchCommand.self] as [any ParsableCommand.Type] {
            page.subsection("Of \(command.configuration.commandName ?? "")")
            page.verbatim(command.helpMessage(columns: 76))
        }
        Self.addSurroundings(&page)
        return page.text
    }

    private static func addSurroundings(_ page: inout Roff) {
        page.section("Signals")
        page.entry(
            "SIGTERM, SIGINT", nil,
            "Drain: accept nothing more, end sessions with 1001, and wait for them, at most --drain-timeout. A second "
                + "one stops at once.")
        page.entry(
            "SIGHUP", nil, "Read the file of --config and all certificates again; what is wrong changes nothing.")
        page.entry(
            "SIGUSR2", nil,
            "Start the program anew, as it is on the disk now, and hand it the listening sockets. Once it serves, this "
                + "process accepts nothing more; its sessions go on until they end, at most --drain-timeout. If it "
                + "does not come to serve, nothing changes.")
        page.section("Exit status")
        page.entry("0", nil, "Stopped by a signal.")
        page.entry("1", nil, "The system said no: an address in use, for example.")
        page.entry("2", nil, "The command line or the file is wrong, or a program does not exist.")
        page.section("Environment")
        page.entry(
            "NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID", nil,
            "The service manager is told when the server serves, reloads and stops, and how many sessions there are; "
                + "and that it lives, while every worker answers (sd_notify(3)).")
        page.entry(
            "LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES", nil,
            "Sockets to listen at. A listener takes the one that has its name, else the one that has its address "
                + "(sd_listen_fds(3)).")
        page.entry(
            "JOURNAL_STREAM", nil,
            "Where standard error is the journal, lines begin with their priority (sd-daemon(3)).")
        page.entry("NO_COLOR", nil, "No colours on a terminal.")
        page.section("Files")
        page.entry(
            "/etc/wsbridge/wsbridge.toml", nil, "What the service of the Debian package serves: wsbridge.toml(5).")
        page.section("Examples")
        page.verbatim(
            """
            wsbridge --port 8080 -- python3 chat.py
            wsbridge --listen 0.0.0.0:6080 --origin any --tcp localhost:5900
            wsbridge check --config /etc/wsbridge/wsbridge.toml
            wsbridge connect ws://127.0.0.1:8080/
            """)
        page.section("See also")
        page.line("wsbridge.toml(5), systemd.service(5), systemd.socket(5)")
    }
}

extension ManualPage {
    private static var fileText: String {
        var page = Roff("WSBRIDGE.TOML", section: 5, heading: "File Formats")
        page.section("Name")
        page.line("wsbridge.toml - listeners, routes and limits of wsbridge")
        page.section("Synopsis")
        page.line("wsbridge --config /etc/wsbridge/wsbridge.toml")
        page.section("Description")
        page.paragraph(
            "A file in TOML 1.0. Keys of the whole server stand at the top, before the first table. Each [[route]] "
                + "says which requests it takes and what becomes of them; [defaults] says what holds for every route "
                + "that does not say otherwise; a [[listener]] says more about a listener than listen does.")
        page.paragraph(
            "An option of wsbridge(1) is a key of the same name with _ for -. Strings are quoted; plain numbers and "
                + "switches (true, false) are not. What may be repeated is a list; env and rlimit may be tables.")
        page.paragraph("SIGHUP reads the file again. If anything in it is wrong, the server goes on as before.")
        page.section("Example")
        page.verbatim(
            """
            listen = "127.0.0.1:8080"

            [defaults]
            idle_timeout = "30m"

            [[route]]
            path = "/chat"
            command = "python3 chat.py"

            [[route]]
            path = "/echo/*"
            echo = true
            """)
        Self.addKeys(&page)
        page.section("See also")
        page.line("wsbridge(1)")
        return page.text
    }

    private static func addKeys(_ page: inout Roff) {
        page.section("Keys")
        page.paragraph("Where a key stands is said at its end.")
        for section in OptionSection.allCases {
            page.subsection(section.rawValue)
            for row in OptionTable.rows(of: section) {
                guard let place = row.scope.place else { continue }
                page.entry(row.name.key, row.syntax.map { "= \($0)" } ?? "= true|false", "\(row.fullHelp) \(place)")
            }
        }
        page.subsection("Only in the file")
        for key in FileKey.allCases {
            let help = key.help
            page.entry(key.rawValue, "= \(help.syntax)", "\(help.text) In \(help.table.filter { $0 != "`" }).")
        }
    }
}

extension OptionScope {
    /// Nil: not in the file.
    fileprivate var place: String? {
        switch self {
        case .commandLine: nil
        case .server: "At the top."
        case .route: "In a [[route]] or in [defaults]."
        case .handler: "In a [[route]]."
        }
    }
}
