extension HandlerPlan {
    /// Exactly one of a program's words, `--cmd`, `--tcp`, `--unix`, `--token-map`, `--proxy` and `--echo`; or none
    /// beside `--static`.
    static func read(_ reader: inout SettingReader, _ draft: RouteDraft) -> HandlerPlan? {
        let ways = Way.given(&reader, draft)
        let records = RecordPlan.read(&reader, for: ways.first?.recordUse ?? .program)
        let words = Self.commandWords(&reader) ?? draft.words
        let command = CommandPlan.read(&reader, words: words, records: records)
        let upstream = UpstreamPlan.read(&reader, records: records)
        let proxy = ProxyPlan.read(&reader, upstream)
        if ways.isEmpty, draft.isUnclear { return nil }
        guard ways.count <= 1 else {
            let names = ways.map { $0.name(draft) }.joined(separator: " and ")
            reader.report(nil, "there are \(names)", remedy: "give one of them")
            return nil
        }
        guard let way = ways.first else {
            reader.report(nil, "there is nothing to serve", remedy: draft.wayToServe)
            return nil
        }
        way.warnOfUnusedOptions(&reader, draft)
        switch way {
        case .echo: return .echo
        case .tcp, .unix, .tokenMap: return upstream.map { .upstream($0) }
        case .proxy: return upstream == nil ? nil : .proxy(proxy)
        case .files: return .filesOnly
        case .cmd, .words:
            if draft.words.first == "" {
                let fault = ValueFault("the program's name is empty", remedy: "name a program")
                reader.report(fault, at: draft.wordsSource)
            } else if command.words.first?.isEmpty == false {
                Self.checkProgram(command, draft, &reader)
            }
            command.privileges.warn(&reader)
            return .command(command)
        }
    }

    private static func checkProgram(_ plan: CommandPlan, _ draft: RouteDraft, _ reader: inout SettingReader) {
        guard let obstacle = reader.surroundings.obstacle(toStarting: plan) else { return }
        if reader.isGiven(.cmd) {
            reader.report(.cmd, obstacle)
        } else {
            reader.report(obstacle, at: draft.wordsSource)
        }
    }

    private static func commandWords(_ reader: inout SettingReader) -> [String]? {
        let viaShell = reader.flag(.shell)
        guard let text = reader.value(.cmd, as: CommandString.self)?.text else {
            if viaShell, !reader.isGiven(.cmd) {
                reader.report(.shell, "there is no string for the shell", remedy: "give one with --cmd")
            }
            return nil
        }
        if viaShell { return ["/bin/sh", "-c", text] }
        do throws(ShellWords.Fault) {
            let words = try ShellWords.split(text)
            // A word of "" is no program either.
            if words.first?.isEmpty ?? true {
                reader.report(.cmd, "names no program", remedy: "write the program and its arguments")
            }
            return words
        } catch {
            switch error {
            case .openQuote(let quote, let column):
                reader.report(
                    .cmd, "the \(quote) at column \(column) is never closed", remedy: "close or escape it")
            case .danglingBackslash(let column):
                reader.report(
                    .cmd, "the \\ at column \(column) escapes nothing", remedy: "double it or leave it out")
            }
            return nil
        }
    }
}

/// What says who answers a session.
private enum Way: CaseIterable {
    case echo, cmd, words, tcp, unix, tokenMap, proxy
    /// Nothing but files, which may stand beside all others.
    case files

    static func given(_ reader: inout SettingReader, _ draft: RouteDraft) -> [Way] {
        var ways: [Way] = []
        for way in Self.allCases {
            let isGiven =
                switch way {
                case .echo: reader.flag(.echo)
                case .cmd: reader.isGiven(.cmd)
                case .words: !draft.words.isEmpty
                case .tcp: reader.isGiven(.tcp)
                case .unix: reader.isGiven(.unix)
                case .tokenMap: reader.isGiven(.tokenMap)
                case .proxy: reader.isGiven(.proxy)
                case .files: ways.isEmpty && !draft.isUnclear && reader.isGiven(.static)
                }
            if isGiven { ways.append(way) }
        }
        return ways
    }

    var hasServer: Bool {
        switch self {
        case .tcp, .unix, .tokenMap, .proxy: true
        case .echo, .cmd, .words, .files: false
        }
    }

    var recordUse: RecordPlan.Use {
        switch self {
        case .cmd, .words: .program
        case .tcp, .unix, .tokenMap: .server
        case .echo, .proxy, .files: .none
        }
    }

    func name(_ draft: RouteDraft) -> String {
        switch self {
        case .echo: "--echo"
        case .cmd: "--cmd"
        case .words: draft.wordsSource == nil ? "a program" : "--cmd"
        case .tcp: "--tcp"
        case .unix: "--unix"
        case .tokenMap: "--token-map"
        case .proxy: "--proxy"
        case .files: "--static"
        }
    }

    /// No error, so that one can measure with and without a program by changing one word.
    func warnOfUnusedOptions(_ reader: inout SettingReader, _ draft: RouteDraft) {
        for row in OptionTable.rows where row.scope != .handler && reader.isGivenHere(row.name) {
            guard let reason = self.reason(against: row.section) ?? self.reason(against: row.name) else { continue }
            reader.report(
                row.name, "says nothing with \(self.name(draft)), which \(reason)", remedy: "leave it out",
                severity: .warning)
        }
    }

    /// Why the options of a section have nothing to say; nil: they have.
    private func reason(against section: OptionSection) -> String? {
        switch section {
        case .program, .privileges:
            return self == .echo || self == .files || self.hasServer ? "starts no program" : nil
        case .messages:
            if self == .proxy { return "passes messages as they are" }
            return self == .echo || self == .files ? "starts no program" : nil
        case .upstream:
            return self.hasServer ? nil : "connects to no server"
        case .forwarding:
            return self == .proxy ? nil : "forwards no requests"
        case .access:
            return self == .files ? "takes no WebSockets" : nil
        case .serving, .files, .limits, .transport, .logging:
            return nil
        }
    }

    /// Servers of a token map are no group: each token has one, whose sessions nobody counts and which nobody checks.
    private func reason(against option: OptionName) -> String? {
        guard self == .tokenMap, Self.groupOptions.contains(option) else { return nil }
        return "has one server a token"
    }

    private static let groupOptions: Set<OptionName> = [
        .balance, .maxServerConnections, .ejectAfter, .ejectTime, .ejectTimeMax, .checkInterval, .checkTimeout,
        .checkFall, .checkRise, .checkPath, .checkStatus, .checkHost,
    ]
}

extension RouteDraft {
    fileprivate var wayToServe: String {
        switch self.source {
        case .commandLine: "name a program, or give --cmd, --tcp, --unix, --proxy, --static or --echo"
        case .file:
            "add command = \"./program\", tcp = \"host:port\", unix = \"/path\", proxy = \"http://host:port\", "
                + "static = \"./folder\" or echo = true"
        }
    }
}

/// A command in one string: whatever text an argument can be.
private struct CommandString: OptionValue {
    let text: String
    var description: String { self.text }
    init(parsing text: String) throws(ValueFault) { self.text = text }
}
