extension Plan {
    static func read(_ reader: inout SettingReader, words: [String]) -> Plan? {
        let listeners = Self.listeners(&reader)
        let route = RoutePlan.read(&reader, words: words)
        let workers: Int? = reader.value(.workers, in: 1...1024)
        let log = LogPlan(
            level: reader.value(.logLevel) ?? LogPlan.standard.level,
            format: reader.value(.logFormat) ?? LogPlan.standard.format)
        let console: ConsoleMode = reader.value(.console) ?? .auto
        let drainTimeout =
            reader.value(.drainTimeout, in: .seconds(0)...(.days(1))) ?? Self.drainTimeoutStandard
        let transport = TransportPlan.read(&reader)
        Self.warnOfOpenListeners(listeners, &reader)
        let metricsListener = Self.metricsListener(besides: listeners, &reader)
        guard let route else { return nil }
        return Plan(
            listeners: listeners, workers: workers, routes: [route], log: log, console: console,
            drainTimeout: drainTimeout, transport: transport, metricsListener: metricsListener)
    }

    private static func metricsListener(
        besides listeners: [ListenAddress], _ reader: inout SettingReader
    ) -> ListenAddress? {
        guard let listener: ListenAddress = reader.value(.metricsListen) else { return nil }
        if !listener.isLoopback {
            reader.report(
                .metricsListen, "other machines can read the metrics", remedy: "listen on 127.0.0.1 or a unix path",
                severity: .warning)
        }
        // Port 0 is another port each time.
        if case .tcp(_, port: 0) = listener { return listener }
        if listeners.contains(listener) {
            reader.report(
                .metricsListen, "sessions are served at \(listener)",
                remedy: "give the metrics an address of their own")
        }
        return listener
    }

    private static func listeners(_ reader: inout SettingReader) -> [ListenAddress] {
        var listeners: [ListenAddress] = reader.values(.listen)
        if let port: Int = reader.value(.port, in: 0...65535) {
            listeners.append(.tcp(.loopback, port: UInt16(port)))
        }
        for (index, listener) in listeners.enumerated() where listeners[..<index].contains(listener) {
            // Port 0 is another port each time.
            if case .tcp(_, port: 0) = listener { continue }
            reader.report(.listen, "\(listener) is there twice", remedy: "name it once")
        }
        return listeners.isEmpty ? [.standard] : listeners
    }

    private static func warnOfOpenListeners(_ listeners: [ListenAddress], _ reader: inout SettingReader) {
        guard let open = listeners.first(where: { !$0.isLoopback }), !reader.isGiven(.origin) else { return }
        reader.report(
            .listen, "other machines can reach \(open) and nothing says who may connect",
            remedy: "name the origins with --origin, or listen on 127.0.0.1", severity: .warning)
    }
}
