internal import Upstreams

extension UpstreamPlan {
    /// Nil: no server is named, or none that could be read.
    static func read(_ reader: inout SettingReader, records: RecordPlan) -> UpstreamPlan? {
        let urls = ProxyURL.read(&reader)
        let servers = urls.isEmpty ? Servers.read(&reader) : .listed(urls.map(\.address))
        let isTLS = reader.flag(.upstreamTLS) || urls.first?.isTLS ?? false
        var plan = UpstreamPlan(servers ?? .listed([]), records: records)
        let times = TimeSpan.milliseconds(1)...TimeSpan.hours(1)
        let counts = 1...1_000_000
        plan.connectTimeout = reader.value(.connectTimeout, in: times) ?? plan.connectTimeout
        plan.balance = reader.value(.balance) ?? plan.balance
        plan.connectionsMax = reader.limit(.maxServerConnections, in: counts) ?? plan.connectionsMax
        plan.ejection = EjectionPlan.read(&reader)
        plan.httpCheck = HTTPCheckPlan.read(&reader)
        if plan.httpCheck != nil { plan.checkInterval = .at(HTTPCheckPlan.intervalStandard) }
        plan.checkInterval = reader.limit(.checkInterval, in: times) ?? plan.checkInterval
        if plan.checkInterval == .unlimited, reader.isGivenHere(.checkPath), plan.httpCheck != nil {
            reader.report(
                .checkPath, "says nothing while --check-interval is unlimited", remedy: "leave one of them out",
                severity: .warning)
        }
        plan.checkTimeout = reader.value(.checkTimeout, in: times) ?? plan.checkTimeout
        plan.checkFall = reader.value(.checkFall, in: 1...100) ?? plan.checkFall
        plan.checkRise = reader.value(.checkRise, in: 1...100) ?? plan.checkRise
        for option in [OptionName.checkTimeout, .checkFall, .checkRise]
        where plan.checkInterval == .unlimited && reader.isGivenHere(option) {
            reader.report(
                option, "says nothing where nothing is checked", remedy: "add --check-interval or --check-path",
                severity: .warning)
        }
        // The kernel counts in seconds and 15 bits.
        let silences = TimeSpan.seconds(1)...TimeSpan.hours(9)
        plan.keepalive = reader.limit(.upstreamKeepalive, in: silences) ?? plan.keepalive
        plan.proxyHeader = reader.value(.proxyProtocolOut) ?? plan.proxyHeader
        plan.tls = UpstreamTLSPlan.read(&reader, servers, isWanted: isTLS)
        return servers == nil ? nil : plan
    }
}

extension UpstreamPlan.Servers {
    fileprivate static func read(_ reader: inout SettingReader) -> Self? {
        let hosts = Self.addresses(&reader, .tcp, as: HostAndPort.self).map(\.address)
        let sockets = Self.addresses(&reader, .unix, as: SocketPath.self).map(\.address)
        let map: FilePath? = reader.value(.tokenMap)
        if let map {
            for fault in reader.surroundings.faults(ofTokenMap: map.text) { reader.report(fault) }
            return .map(path: map.text)
        }
        let servers = hosts.isEmpty ? sockets : hosts
        return servers.isEmpty ? nil : .listed(servers)
    }

    /// Naming a server twice is no weight: it would be checked and ejected as two.
    private static func addresses<Value: OptionValue>(
        _ reader: inout SettingReader, _ option: OptionName, as type: Value.Type
    ) -> [Value] {
        var addresses: [Value] = []
        for (value, setting) in reader.settings(option, as: type) {
            if addresses.contains(where: { $0.description == value.description }) {
                reader.report(setting, "is named twice", remedy: "name it once")
            } else {
                addresses.append(value)
            }
        }
        return addresses
    }
}

extension EjectionPlan {
    fileprivate static func read(_ reader: inout SettingReader) -> EjectionPlan {
        var plan = EjectionPlan()
        let times = TimeSpan.milliseconds(1)...TimeSpan.days(1)
        plan.failuresMax = reader.value(.ejectAfter, in: 1...1000) ?? plan.failuresMax
        plan.spanFirst = reader.value(.ejectTime, in: times) ?? plan.spanFirst
        plan.spanMax = reader.value(.ejectTimeMax, in: times) ?? max(plan.spanMax, plan.spanFirst)
        if plan.spanMax < plan.spanFirst, !reader.goes(.ejectTimeMax, with: .ejectTime) {
            plan.spanMax = plan.spanFirst
        }
        if plan.spanMax < plan.spanFirst {
            reader.report(
                .ejectTimeMax, "is below --eject-time, which is \(plan.spanFirst)", remedy: "raise this or lower that")
        }
        return plan
    }
}

extension UpstreamTLSPlan {
    fileprivate static func read(
        _ reader: inout SettingReader, _ servers: UpstreamPlan.Servers?, isWanted: Bool
    ) -> UpstreamTLSPlan? {
        let authorities: FilePath? = reader.value(.upstreamTLSCA)
        let name: ServerName? = reader.value(.upstreamTLSName)
        let chain: FilePath? = reader.value(.upstreamTLSCert)
        let key: FilePath? = reader.value(.upstreamTLSKey)
        if reader.isGiven(.upstreamTLSCert) != reader.isGiven(.upstreamTLSKey) {
            let (option, missing) =
                reader.isGiven(.upstreamTLSCert)
                ? (OptionName.upstreamTLSCert, OptionName.upstreamTLSKey) : (.upstreamTLSKey, .upstreamTLSCert)
            reader.report(option, "certificate and key come together", remedy: "name the other with \(missing.flag)")
        }
        guard isWanted else {
            // Somebody who says how TLS is to be and gets none would find out too late.
            for option in [OptionName.upstreamTLSCA, .upstreamTLSName, .upstreamTLSCert, .upstreamTLSKey]
            where reader.isGivenHere(option) {
                reader.report(option, "has no effect without --upstream-tls", remedy: "add --upstream-tls")
            }
            return nil
        }
        if name == nil, !reader.isGiven(.upstreamTLSName), servers?.hasNameless ?? false {
            reader.report(
                .upstreamTLS, "a unix socket has no name that a certificate could have\(reader.heir(of: .upstreamTLS))",
                remedy: "name it with --upstream-tls-name")
        }
        var files: CertificateFiles?
        if let chain, let key { files = CertificateFiles(chain: chain.text, key: key.text) }
        let plan = UpstreamTLSPlan(authorities: authorities?.text, name: name?.text, certificate: files)
        for fault in reader.surroundings.faults(of: plan) { reader.report(fault) }
        return plan
    }
}

extension UpstreamPlan.Servers {
    fileprivate var hasNameless: Bool {
        switch self {
        case .map: false
        case .listed(let servers):
            servers.contains { server in
                switch server {
                case .host: false
                case .unix: true
                }
            }
        }
    }
}
