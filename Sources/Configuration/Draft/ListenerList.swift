/// Listeners as they are read, and what each newcomer does to those before it.
struct ListenerList {
    private(set) var listeners: [ListenerPlan] = []
    /// Whether some route says who may connect, or that was complained about once.
    private var isJudged: Bool
    /// True once a listener could not be read, so that what seems to be missing may be that one.
    var hasUnclear = false

    init(isJudged: Bool) { self.isJudged = isJudged }

    /// Whether requests reach the routes.
    var serves: Bool { self.hasUnclear || self.listeners.contains { $0.redirect == nil } }

    mutating func addStandard(_ listener: ListenerPlan) { self.listeners.append(listener) }

    /// `setting`: who asked for it, and so is to blame.
    mutating func add(_ listener: ListenerPlan, _ setting: Setting?, _ reader: inout SettingReader) {
        guard let setting else { return }
        let address = listener.address
        for other in self.listeners.map(\.address) {
            if address == other, !address.isChosenBySystem {
                reader.report(setting, "\(address) is there twice", remedy: "name it once")
            } else if address.covers(other) || other.covers(address) {
                reader.report(setting, "\(address) and \(other) are one port", remedy: "name one of them")
            }
        }
        // Who is only sent elsewhere is let in there or not.
        if !address.isLoopback, !self.isJudged, listener.redirect == nil {
            self.isJudged = true
            reader.report(
                setting, "other machines can reach \(address) and nothing says who may connect",
                remedy: "name the origins with --origin, or listen on 127.0.0.1", severity: .warning)
        }
        var listener = listener
        listener.provenance = Provenance(setting)
        self.listeners.append(listener)
    }

    /// A redirect without a port of its own leads to a listener with TLS and a port.
    func checkRedirects(_ reader: inout SettingReader) {
        guard !self.hasUnclear, !self.listeners.contains(where: \.isRedirectTarget) else { return }
        for listener in self.listeners where listener.redirect == .firstListener {
            guard let setting = listener.provenance.setting else { continue }
            reader.report(
                setting, "there is no port with TLS that clients could be sent to",
                remedy: "add --tls-cert and --tls-key or --tls self-signed, or name the port in a [[listener]] by "
                    + "redirect = \"https:443\"")
        }
    }
}

extension ListenerPlan {
    /// Whether clients of a plain port can be sent here.
    package var isRedirectTarget: Bool {
        switch self.address {
        case .tcp: self.transport.tls != nil && self.redirect == nil
        case .unix: false
        }
    }
}

extension ListenerDraft {
    /// What a listener of the file takes over from the top. What belongs together is replaced together: a certificate
    /// of its own does not go with another's key.
    func inheritance(from server: [Setting]) -> [Setting] {
        var left = Set(TransportPlan.options)
        for group: Set<OptionName> in [[.tls, .tlsCert, .tlsKey], [.tlsClientCA, .tlsClientAuth]]
        where group.contains(where: self.gives) {
            left.subtract(group)
        }
        if self.settings.contains(where: { $0.name == .key(.redirect) }) { left = [.proxyProtocol] }
        // The names of a certificate that is made at start.
        left.insert(.host)
        return server.filter { setting in left.contains { setting.name == .option($0) } }
    }

    /// Whether it has TLS whatever the top says.
    var speaksTLS: Bool {
        self.gives(.tlsCert) || self.gives(.tlsKey)
            || self.settings.contains { $0.name == .option(.tls) && $0.value != TLSMode.off.rawValue }
    }

    private func gives(_ option: OptionName) -> Bool { self.settings.contains { $0.name == .option(option) } }
}
