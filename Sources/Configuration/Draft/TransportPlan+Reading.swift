extension TransportPlan {
    /// `servesOthers`: some listener that is read elsewhere takes over what this one has no use for.
    static func read(_ reader: inout SettingReader, servesOthers: Bool) -> TransportPlan {
        var plan = TransportPlan()
        plan.tls = TLSPlan.read(&reader, servesOthers: servesOthers)
        plan.proxyHeader = reader.value(.proxyProtocol) ?? .off
        return plan
    }
}

extension TLSPlan {
    fileprivate static func read(_ reader: inout SettingReader, servesOthers: Bool) -> TLSPlan? {
        let certificates = Certificates.read(&reader)
        let version: TLSVersionName? = reader.value(.tlsMinVersion)
        let ciphers: FilePath? = reader.value(.tlsCiphers)
        let (authorities, isRequired) = Self.clientAuthentication(&reader)
        guard let certificates else {
            if !servesOthers { Self.refuseWithoutEffect(&reader) }
            return nil
        }
        let plan = TLSPlan(
            certificates: certificates, versionMin: version ?? .standard, ciphers: ciphers?.text,
            clientAuthorities: authorities, requiresCertificate: isRequired)
        for fault in reader.surroundings.faults(of: plan) { reader.report(fault) }
        return plan
    }

    private static func clientAuthentication(
        _ reader: inout SettingReader
    ) -> (authorities: String?, isRequired: Bool) {
        let authorities: FilePath? = reader.value(.tlsClientCA)
        let mode: ClientAuth? = reader.value(.tlsClientAuth)
        switch mode ?? (authorities == nil ? .off : .required) {
        case .off:
            return (nil, false)
        case .optional, .required:
            if authorities == nil {
                reader.report(
                    .tlsClientAuth, "nothing says whom certificates of clients come from",
                    remedy: "name the authorities with --tls-client-ca")
            }
            return (authorities?.text, mode != .optional)
        }
    }

    /// Somebody who says how TLS is to be and gets none would find out too late.
    private static func refuseWithoutEffect(_ reader: inout SettingReader) {
        for option in [OptionName.tlsMinVersion, .tlsCiphers, .tlsClientCA, .tlsClientAuth] {
            // Given by somebody, and not a default written out.
            guard reader.isGivenHere(option), !reader.isGiven(.tlsCert), !reader.isGiven(.tlsKey) else { continue }
            if option == .tlsMinVersion, reader.value(option) == TLSVersionName.standard { continue }
            reader.report(
                option, "has no effect without TLS", remedy: "add --tls-cert and --tls-key, or --tls self-signed")
        }
    }
}

extension TLSPlan.Certificates {
    fileprivate static func read(_ reader: inout SettingReader) -> TLSPlan.Certificates? {
        let chains: [FilePath] = reader.values(.tlsCert)
        let keys: [FilePath] = reader.values(.tlsKey)
        let mode: TLSMode? = reader.value(.tls)
        if mode != nil, !chains.isEmpty || !keys.isEmpty {
            reader.report(.tls, "a certificate is given too", remedy: "leave out one of the two")
        }
        guard chains.count == keys.count else {
            let (option, remedy) =
                chains.count > keys.count
                ? (OptionName.tlsCert, "name its key with --tls-key")
                : (OptionName.tlsKey, "name its certificate with --tls-cert")
            reader.report(option, "certificates and keys come in pairs", remedy: remedy)
            return nil
        }
        switch mode {
        case .selfSigned: return .selfSigned(names: reader.list(.host, check: AccessNames.host))
        case .off: return nil
        case nil: if chains.isEmpty { return nil }
        }
        return .files(zip(chains, keys).map { CertificateFiles(chain: $0.text, key: $1.text) })
    }
}
