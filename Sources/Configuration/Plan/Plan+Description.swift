internal import Routing
internal import StdioFraming

extension Plan: CustomStringConvertible {
    /// What `wsbridge check` prints: a line for each thing that is decided, by the name of its option.
    package var description: String {
        var lines = self.listeners.flatMap { listener in
            [aligned("listen", listener)] + listener.transport.lines.map { aligned($0.name, $0.value) }
        }
        lines.append(aligned("workers", self.workers.map { "\($0)" } ?? "the cores it may use"))
        if !self.hosts.isEmpty { lines.append(aligned("host", self.hosts.joined(separator: ", "))) }
        lines.append(aligned("handshake-timeout", self.connections.handshakeTimeout))
        lines.append(aligned("drain-timeout", self.drainTimeout))
        lines.append(aligned("removed-route-timeout", self.removedRouteTimeout))
        lines.append(aligned("metrics-listen", self.metricsListener?.address.description ?? "nowhere"))
        lines.append(aligned("log-level", self.log.level))
        lines.append(aligned("log-format", self.log.format))
        for route in self.routes { lines += ["", "route \(route.name)"] + route.lines }
        return lines.joined(separator: "\n")
    }
}

extension RoutePlan {
    fileprivate var lines: [String] {
        let hosts = self.match.hosts.map(\.description).joined(separator: ", ")
        var lines = hosts.isEmpty ? [] : [aligned("host", hosts)]
        lines.append(aligned("path", self.match.path))
        lines += self.files?.lines ?? []
        lines += self.handler.lines
        lines.append(aligned("origin", self.origin))
        if !self.subprotocols.isEmpty, self.handler.agreesToSubprotocols {
            let required = self.subprotocolRequired ? " (required)" : ""
            lines.append(aligned("subprotocol", self.subprotocols.joined(separator: ", ") + required))
        }
        return lines + self.limits.lines
    }
}

extension HandlerPlan {
    fileprivate var lines: [String] {
        switch self {
        case .echo: [aligned("echo", "every message")]
        case .command(let command): command.lines
        case .upstream(let upstream): upstream.lines
        case .proxy(let proxy): proxy.lines
        case .filesOnly: []
        }
    }
}

extension CommandPlan {
    /// Values of variables may be secrets: only their names are shown.
    fileprivate var lines: [String] {
        let variables = self.passEnvironment + self.environment.map(\.name)
        var lines = [
            aligned("program", self.words.map(\.debugDescription).joined(separator: " ")),
            aligned("cwd", self.workingDirectory ?? "the server's"),
            aligned("variables", variables.joined(separator: ", ")),
        ]
        if self.passesCookies { lines.append(aligned("pass-cookie", "yes")) }
        lines += self.privileges.lines
        if self.usesTerminal { lines.append(aligned("pty", "yes")) }
        lines += self.records.lines
        if !self.usesTerminal { lines.append(aligned("stderr", self.stderr)) }
        lines.append(aligned("teardown", self.teardown.map(\.description).joined(separator: ", ")))
        if let base = self.closeCodeBase { lines.append(aligned("close-code-base", base)) }
        return lines
    }
}

extension PrivilegePlan {
    fileprivate var lines: [String] {
        var lines: [String] = []
        if let user = self.user { lines.append(aligned("user", user)) }
        if let group = self.group { lines.append(aligned("group", group)) }
        if let umask = self.umask { lines.append(aligned("umask", String(0o1000 + umask, radix: 8).dropFirst())) }
        if let nice = self.nice { lines.append(aligned("nice", nice)) }
        if self.noNewPrivileges { lines.append(aligned("no-new-privileges", "yes")) }
        return lines + self.resourceLimits.map { aligned("rlimit", $0) }
    }
}

extension RecordPlan {
    /// What holds for every record, and what else somebody chose.
    var lines: [String] {
        var lines = [aligned("framing", self.framing)]
        if let kind = self.messageKind { lines.append(aligned("message-type", kind)) }
        if self.innerNewline != Self.standard.innerNewline {
            lines.append(aligned("inner-newline", self.innerNewline))
        }
        if self.longRecord != Self.standard.longRecord { lines.append(aligned("long-record", self.longRecord)) }
        if self.invalidText != Self.standard.invalidText { lines.append(aligned("invalid-text", self.invalidText)) }
        if self.framing != .raw { lines.append(aligned("max-record-size", ByteCount(bytes: self.recordBytesMax))) }
        return lines
    }
}

extension SessionLimits {
    fileprivate var lines: [String] {
        [
            aligned("max-connections", self.connectionsMax),
            aligned("max-connections-per-ip", self.connectionsPerAddressMax),
            aligned("max-message-size", self.messageSizeMax),
            aligned("max-frame-size", self.frameSizeMax),
            aligned("max-backpressure", self.backpressureMax),
            aligned("idle-timeout", self.idleTimeout),
            aligned("max-lifetime", self.lifetimeMax),
            aligned("close-timeout", self.closeTimeout),
            aligned("ping-interval", self.pingInterval),
            aligned("ping-timeout", self.pingTimeout),
            aligned("message-rate", self.messageRate),
            aligned("connect-rate", self.connectRate),
        ]
    }
}

/// Two columns, the first as wide as the longest name and a blank.
func aligned(_ name: String, _ value: any CustomStringConvertible) -> String {
    "  " + name + String(repeating: " ", count: max(1, 24 - name.count)) + value.description
}
