import Addresses

extension Plan {
    static func listeners(
        _ draft: PlanDraft, _ reader: inout SettingReader, _ reading: inout Reading
    ) -> [ListenerPlan] {
        let console: ConsoleMode = reader.value(.console) ?? .auto
        var list = ListenerList(isJudged: draft.judgesOrigins)
        for (address, setting) in reader.settings(.listen, as: ListenAddress.self) {
            for note in list.add(ListenerPlan(address, console: console)) {
                reader.report(setting, note.problem, remedy: note.remedy, severity: note.severity)
            }
        }
        if let port: Int = reader.value(.port, in: 0...65535) {
            for note in list.add(ListenerPlan(.tcp(.loopback, port: UInt16(port)), console: console)) {
                reader.report(.port, note.problem, remedy: note.remedy, severity: note.severity)
            }
        }
        for listener in draft.listeners {
            var own = SettingReader(listener.settings, source: listener.source, surroundings: reader.surroundings)
            if let plan = ListenerPlan.read(&own, console: console) {
                for note in list.add(plan) {
                    own.report(key: .address, note.problem, remedy: note.remedy, severity: note.severity)
                }
            }
            reading.take(own)
        }
        let isBare = list.listeners.isEmpty && draft.listeners.isEmpty
        return isBare ? [ListenerPlan(.standard, console: console)] : list.listeners
    }

    static func metricsListener(besides listeners: [ListenAddress], _ reader: inout SettingReader) -> ListenAddress? {
        guard let listener: ListenAddress = reader.value(.metricsListen) else { return nil }
        if !listener.isLoopback {
            reader.report(
                .metricsListen, "other machines can read the metrics", remedy: "listen on 127.0.0.1 or a unix path",
                severity: .warning)
        }
        for other in listeners where other == listener || listener.covers(other) || other.covers(listener) {
            guard !listener.isChosenBySystem else { continue }
            reader.report(
                .metricsListen, "sessions are served at \(other)",
                remedy: "give the metrics an address of their own")
        }
        return listener
    }
}

/// Listeners as they are read, and what each newcomer does to those before it.
private struct ListenerList {
    struct Note {
        let severity: Diagnostic.Severity
        let problem: String
        let remedy: String
    }

    private(set) var listeners: [ListenerPlan] = []
    /// Whether some route says who may connect, or that was complained about once.
    private var isJudged: Bool

    init(isJudged: Bool) { self.isJudged = isJudged }

    mutating func add(_ listener: ListenerPlan) -> [Note] {
        let address = listener.address
        var notes: [Note] = []
        for other in self.listeners.map(\.address) {
            if address == other, !address.isChosenBySystem {
                notes.append(Note(severity: .error, problem: "\(address) is there twice", remedy: "name it once"))
            } else if address.covers(other) || other.covers(address) {
                notes.append(
                    Note(severity: .error, problem: "\(address) and \(other) are one port", remedy: "name one of them"))
            }
        }
        if !address.isLoopback, !self.isJudged {
            self.isJudged = true
            notes.append(
                Note(
                    severity: .warning,
                    problem: "other machines can reach \(address) and nothing says who may connect",
                    remedy: "name the origins with --origin, or listen on 127.0.0.1"))
        }
        self.listeners.append(listener)
        return notes
    }
}

extension PlanDraft {
    /// Whether somebody thought about who may connect.
    fileprivate var judgesOrigins: Bool {
        (self.defaults + self.routes.flatMap(\.settings)).contains { $0.name == .option(.origin) }
    }
}
