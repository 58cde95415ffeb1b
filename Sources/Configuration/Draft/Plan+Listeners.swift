import Addresses

extension Plan {
    static func listeners(
        _ draft: PlanDraft, _ reader: inout SettingReader, _ reading: inout Reading
    ) -> [ListenerPlan] {
        let console: ConsoleMode = reader.value(.console) ?? .auto
        let transport = TransportPlan.read(&reader, servesOthers: draft.listeners.contains(where: \.speaksTLS))
        var list = ListenerList(isJudged: draft.judgesOrigins)
        for (address, setting) in reader.settings(.listen, as: ListenAddress.self) {
            reader.checkPlace(of: address, setting)
            list.add(ListenerPlan(address, console: console, transport: transport), setting, &reader)
        }
        if let port: Int = reader.value(.port, in: 0...65535) {
            let listener = ListenerPlan(.tcp(.loopback, port: UInt16(port)), console: console, transport: transport)
            list.add(listener, reader.setting(.option(.port)), &reader)
        }
        for listener in draft.listeners {
            var own = SettingReader(
                listener.settings, inherited: listener.inheritance(from: draft.server), source: listener.source,
                surroundings: reader.surroundings)
            if let plan = ListenerPlan.read(&own, console: console) {
                list.add(plan, own.setting(.key(.address)), &own)
            } else {
                list.hasUnclear = true
            }
            reading.take(own)
        }
        if !list.serves { list.addStandard(ListenerPlan(.standard, console: console, transport: transport)) }
        for (address, setting) in reader.settings(.tlsRedirect, as: ListenAddress.self) {
            var plain = TransportPlan()
            plain.proxyHeader = transport.proxyHeader
            reader.checkPlace(of: address, setting)
            list.add(ListenerPlan(address, transport: plain, redirect: .firstListener), setting, &reader)
        }
        list.checkRedirects(&reader)
        return list.listeners
    }

    static func metricsListener(besides listeners: [ListenAddress], _ reader: inout SettingReader) -> ListenerPlan? {
        guard let listener: ListenAddress = reader.value(.metricsListen) else { return nil }
        if case .unix(let path) = listener {
            reader.report(.metricsListen, reader.surroundings.obstacle(toListeningAt: path))
        }
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
        return ListenerPlan(listener, provenance: Provenance(reader.setting(.option(.metricsListen))))
    }
}

extension SettingReader {
    /// Says what is in the way of the file of a unix socket.
    fileprivate mutating func checkPlace(of address: ListenAddress, _ setting: Setting) {
        guard case .unix(let path) = address, let obstacle = self.surroundings.obstacle(toListeningAt: path) else {
            return
        }
        self.report(setting, obstacle.problem, remedy: obstacle.remedy)
    }
}

extension PlanDraft {
    /// Whether somebody thought about who may connect.
    fileprivate var judgesOrigins: Bool {
        (self.defaults + self.routes.flatMap(\.settings)).contains { $0.name == .option(.origin) }
    }
}
