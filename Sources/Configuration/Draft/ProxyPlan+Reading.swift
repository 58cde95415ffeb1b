internal import Addresses
internal import Forwarding
internal import Upstreams

extension ProxyPlan {
    /// What is said of HTTP servers besides how they are connected to.
    static func read(_ reader: inout SettingReader, _ upstream: UpstreamPlan?) -> ProxyPlan {
        var plan = ProxyPlan(upstream ?? .standard)
        let times = TimeSpan.milliseconds(1)...TimeSpan.days(1)
        plan.rules = ForwardingRules.read(&reader)
        if case .named(let name) = plan.rules.host, plan.upstream.httpCheck?.host == nil {
            plan.upstream.httpCheck?.host = name
        }
        plan.responseTimeout = reader.limit(.responseTimeout, in: times) ?? plan.responseTimeout
        plan.stallTimeout = reader.value(.stallTimeout, in: times) ?? plan.stallTimeout
        plan.idleStreamsMax = reader.value(.idleUpstreams, in: 0...100_000) ?? plan.idleStreamsMax
        plan.idleStreamTimeout = reader.value(.idleUpstreamTimeout, in: times) ?? plan.idleStreamTimeout
        plan.stickyCookie = reader.value(.stickyCookie, as: CookieName.self)?.text
        return plan
    }
}

extension ProxyURL {
    /// The servers that are named; what they have in common is checked here.
    static func read(_ reader: inout SettingReader) -> [ProxyURL] {
        var urls: [ProxyURL] = []
        for (url, setting) in reader.settings(.proxy, as: ProxyURL.self) {
            if urls.contains(where: { $0.address == url.address }) {
                reader.report(setting, "is named twice", remedy: "name it once")
            } else {
                urls.append(url)
            }
        }
        if let first = urls.first, urls.contains(where: { $0.isTLS != first.isTLS }) {
            reader.report(.proxy, "some servers speak TLS and some do not", remedy: "write http or https for all")
        }
        return urls
    }
}

extension ForwardingRules {
    fileprivate static func read(_ reader: inout SettingReader) -> ForwardingRules {
        var rules = ForwardingRules()
        if let host = reader.value(.upstreamHost, as: HostText.self) { rules.host = host.choice }
        let networks = reader.list(.trustedProxies) { text throws(ValueFault) in
            guard AddressBlock(text) != nil else {
                throw ValueFault("not a network", remedy: "write one like 10.0.0.0/8, 2001:db8::/32 or 127.0.0.1")
            }
            return text
        }
        rules.trustedProxies = networks.compactMap { AddressBlock($0) }
        rules.requestEdits = reader.values(.requestHeader, as: FieldEditText.self).map(\.edit)
        rules.responseEdits = reader.values(.responseHeader, as: FieldEditText.self).map(\.edit)
        if let prefix = reader.value(.stripPrefix, as: PathPrefix.self)?.text, !prefix.isEmpty {
            rules.strippedPrefix = prefix
        }
        rules.rewrites = reader.values(.rewrite, as: RewriteText.self).map(\.rewrite)
        return rules
    }
}

/// `client`, `server`, or a name with an optional port.
private struct HostText: OptionValue {
    let choice: ForwardingRules.HostChoice
    let description: String

    init(parsing text: String) throws(ValueFault) {
        self.description = text
        switch text {
        case "client": self.choice = .client
        case "server": self.choice = .server
        case _:
            guard AccessNames.mayBeAuthority(text) else {
                throw ValueFault("not a host", remedy: "write client, server, or a name like app.example:8443")
            }
            self.choice = .named(text)
        }
    }
}

/// A token of RFC 6265.
private struct CookieName: OptionValue {
    let text: String
    var description: String { self.text }

    init(parsing text: String) throws(ValueFault) {
        guard (try? AccessNames.subprotocol(text)) != nil else {
            throw ValueFault("not the name of a cookie", remedy: "use letters, digits and - . _ alone")
        }
        self.text = text
    }
}
