internal import StdioFraming
internal import Upstreams

extension UpstreamPlan {
    /// What `wsbridge check` prints, by the names of options.
    var lines: [String] {
        self.connectionLines(self.servers.lines) + self.records.lines
    }

    /// The same where servers speak HTTP, which has no records.
    var proxyLines: [String] { self.connectionLines(self.urls.map { aligned("proxy", $0) }) }

    /// The servers as `--proxy` names them.
    var urls: [String] {
        switch self.servers {
        case .map(let path): [path]
        case .listed(let servers):
            servers.map { server in
                switch server {
                case .host: "\(self.tls == nil ? "http" : "https")://\(server)"
                case .unix: server.description
                }
            }
        }
    }

    /// The same without a scheme.
    var places: [String] {
        switch self.servers {
        case .map(let path): [path]
        case .listed(let servers): servers.map { self.tls == nil ? "\($0)" : "\($0) (TLS)" }
        }
    }

    private func connectionLines(_ serverLines: [String]) -> [String] {
        var lines = serverLines
        if case .listed(let servers) = self.servers, servers.count > 1 {
            lines += [aligned("balance", self.balance), aligned("eject", self.ejection.summary)]
        }
        lines.append(aligned("connect-timeout", self.connectTimeout))
        lines.append(aligned("max-server-connections", self.connectionsMax))
        lines.append(aligned("check", self.check))
        if let check = self.httpCheck { lines += check.lines }
        lines.append(aligned("upstream-keepalive", self.keepalive))
        if self.proxyHeader != .off { lines.append(aligned("proxy-protocol-out", self.proxyHeader)) }
        if let tls = self.tls { lines += tls.lines }
        return lines
    }

    private var check: String {
        switch self.checkInterval {
        case .unlimited: "never"
        case .at(let interval):
            "every \(interval) for \(self.checkTimeout), down after \(self.checkFall), up after \(self.checkRise)"
        }
    }
}

extension UpstreamPlan.Servers {
    fileprivate var lines: [String] {
        switch self {
        case .map(let path): [aligned("token-map", path)]
        case .listed(let servers): servers.map { aligned($0.optionName.rawValue, $0.optionValue) }
        }
    }
}

extension EjectionPlan {
    fileprivate var summary: String { "after \(self.failuresMax) for \(self.spanFirst) to \(self.spanMax)" }
}

extension UpstreamTLSPlan {
    fileprivate var lines: [String] {
        var lines = [
            aligned("upstream-tls", "verified by \(self.authorities ?? "the system's authorities")"),
            aligned("upstream-tls-name", self.name ?? "the host that is connected to"),
        ]
        if let certificate = self.certificate {
            lines.append(aligned("upstream-tls-cert", certificate.chain))
            lines.append(aligned("upstream-tls-key", certificate.key))
        }
        return lines
    }
}

extension UpstreamAddress {
    /// The option that names it.
    fileprivate var optionName: OptionName {
        switch self {
        case .host: .tcp
        case .unix: .unix
        }
    }

    fileprivate var optionValue: String {
        switch self {
        case .host: self.description
        case .unix(let path): path
        }
    }
}

extension UpstreamPlan {
    /// What is connected to, on one line: `tcp 127.0.0.1:5900`.
    package var summary: String {
        switch self.servers {
        case .listed(let servers): servers.map { "\($0.optionName) \($0.optionValue)" }.joined(separator: ", ")
        case .map(let path): "token-map \(path)"
        }
    }
}
