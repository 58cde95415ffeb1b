internal import Addresses
package import Forwarding

/// The HTTP servers behind a route, and what becomes of requests and answers on their way.
package struct ProxyPlan: Sendable, Equatable {
    package var upstream: UpstreamPlan
    package var rules = ForwardingRules()
    /// None: long polls are held for hours, and a client that has waited long enough goes by itself.
    package var responseTimeout = Limit<TimeSpan>.unlimited
    /// 60 s, as in nginx: a phone that changes its network is back by then.
    package var stallTimeout = TimeSpan.seconds(60)
    /// 64 on each worker: more than a server of one process serves at a time.
    package var idleStreamsMax = 64
    /// 4 s: Node.js and uvicorn close idle connections after five, and whoever closes first loses no request.
    package var idleStreamTimeout = TimeSpan.seconds(4)
    /// Nil: no cookie.
    package var stickyCookie: String?
    /// The largest message of a WebSocket; nil: the server behind knows what it takes.
    package var messageSizeMax: ByteCount?

    package init(_ upstream: UpstreamPlan) { self.upstream = upstream }

    static let standard = ProxyPlan(.standard)
}

extension ProxyPlan {
    /// What `wsbridge check` prints, by the names of options.
    var lines: [String] {
        var lines = self.upstream.proxyLines
        lines.append(aligned("upstream-host", self.rules.host.text))
        if !self.rules.trustedProxies.isEmpty {
            let networks = self.rules.trustedProxies.map(\.description)
            lines.append(aligned("trusted-proxies", networks.joined(separator: ", ")))
        }
        // Values may be secrets: only names are shown.
        for edit in self.rules.requestEdits { lines.append(aligned("request-header", edit.summary)) }
        for edit in self.rules.responseEdits { lines.append(aligned("response-header", edit.summary)) }
        if let prefix = self.rules.strippedPrefix { lines.append(aligned("strip-prefix", prefix)) }
        for rewrite in self.rules.rewrites { lines.append(aligned("rewrite", "\(rewrite.from)=\(rewrite.to)")) }
        lines.append(aligned("response-timeout", self.responseTimeout))
        lines.append(aligned("stall-timeout", self.stallTimeout))
        lines.append(aligned("idle-upstreams", self.idleStreamsMax))
        lines.append(aligned("idle-upstream-timeout", self.idleStreamTimeout))
        if let cookie = self.stickyCookie { lines.append(aligned("sticky-cookie", cookie)) }
        return lines
    }

    /// What is forwarded to, on one line: `proxy 127.0.0.1:3000`. No URL: the one to click is that of the route.
    package var summary: String { "proxy \(self.upstream.places.joined(separator: ", "))" }
}

extension ForwardingRules.HostChoice {
    fileprivate var text: String {
        switch self {
        case .client: "client"
        case .server: "server"
        case .named(let name): name
        }
    }
}

extension FieldEdit {
    fileprivate var summary: String {
        switch self {
        case .set(let name, _): "set \(name)"
        case .add(let name, _): "add \(name)"
        case .remove(let name): "remove \(name)"
        }
    }
}
