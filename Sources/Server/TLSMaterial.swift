internal import Configuration
internal import SystemCalls
internal import TLSEngine

/// What the files of a plan held when they were read.
struct TLSMaterial {
    /// Nil: one of the diagnostics is an error.
    let contexts: ServerContexts?
    let diagnostics: [TLSDiagnostic]

    /// `now`: seconds since 1970.
    init(_ plan: TLSPlan, tickets: TicketKeys, now: Int64) {
        var reading = Reading()
        let identities = reading.identities(plan.certificates, now: now)
        var settings = TLSSettings()
        settings.versionMin = TLSVersion(plan.versionMin)
        if let ciphers = plan.ciphers { settings.ciphers = CipherChoice(ciphers) }
        if let path = plan.clientAuthorities, let authorities = reading.file(path) {
            settings.verification =
                plan.requiresCertificate ? .required(authorities: authorities) : .optional(authorities: authorities)
        }
        guard !reading.diagnostics.contains(where: \.isError), !identities.isEmpty else {
            self.contexts = nil
            self.diagnostics = reading.diagnostics
            return
        }
        let built = ServerContexts.build(identities, settings, tickets: tickets, now: now)
        self.contexts = built.contexts
        self.diagnostics = reading.diagnostics + built.diagnostics
    }

    /// Reads files and collects what is wrong with them.
    private struct Reading {
        var diagnostics: [TLSDiagnostic] = []

        mutating func identities(_ certificates: TLSPlan.Certificates, now: Int64) -> [TLSIdentity] {
            switch certificates {
            case .selfSigned(let names):
                if let identity = SelfSigned.make(names: names, now: now) { return [identity] }
                self.diagnostics.append(.outOfMemory)
                return []
            case .files(let files):
                return files.compactMap { self.identity($0) }
            }
        }

        private mutating func identity(_ files: CertificateFiles) -> TLSIdentity? {
            let chain = self.file(files.chain)
            let key = self.file(files.key, isSecret: true)
            guard let chain, let key else { return nil }
            return TLSIdentity(chain: chain, key: key)
        }

        mutating func file(_ path: String, isSecret: Bool = false) -> NamedBytes? {
            do throws(Errno) {
                let contents = try FileContents(path)
                if isSecret, contents.isReadableByOthers { self.diagnostics.append(.keyReadableByOthers(file: path)) }
                return NamedBytes(name: path, bytes: contents.bytes)
            } catch {
                self.diagnostics.append(.unreadable(file: path, reason: error.description))
                return nil
            }
        }
    }
}

extension TLSPlan {
    /// What is looked at for changes.
    var files: [String] {
        let certificates: [String] =
            switch self.certificates {
            case .selfSigned: []
            case .files(let files): files.flatMap { [$0.chain, $0.key] }
            }
        return certificates + [self.clientAuthorities].compactMap { $0 }
    }
}

extension TLSVersion {
    init(_ name: TLSVersionName) {
        switch name {
        case .tls12: self = .tls12
        case .tls13: self = .tls13
        }
    }
}
