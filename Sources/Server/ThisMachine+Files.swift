internal import Configuration
internal import Dialing
internal import SystemCalls
internal import TLSEngine
internal import Upstreams

// What the files hold that options name. They are read here to be judged and, when the plan is carried out, to be used.
extension ThisMachine {
    func faults(of tls: TLSPlan) -> [FileFault] {
        // There is nothing to read: what OpenSSL makes of ciphers shows with any certificate.
        if case .selfSigned = tls.certificates, tls.ciphers == nil, tls.clientAuthorities == nil { return [] }
        guard let tickets = TicketKeys([UInt8](repeating: 0, count: TicketKeys.keyBytes)) else { return [] }
        let material = TLSMaterial(tls, tickets: tickets, now: TLSKeeper.now)
        return material.diagnostics.map { diagnostic in
            let (option, index) = tls.place(of: diagnostic)
            return FileFault(diagnostic, option, index: index)
        }
    }

    func faults(of tls: UpstreamTLSPlan) -> [FileFault] {
        do throws(TLSDiagnostic) {
            _ = try ClientContext(tls)
            return []
        } catch {
            return [FileFault(error, tls.place(of: error), index: 0)]
        }
    }

    func faults(ofTokenMap path: String) -> [FileFault] {
        TokenKeeper.check(path).map { diagnostic in
            // The option's value stands in front of it already.
            let isWhole = diagnostic.line == 0 && diagnostic.file == path
            let fault =
                isWhole
                ? ValueFault(diagnostic.reason, remedy: "name a file or folder that the server may read")
                : ValueFault(diagnostic.description, remedy: "mend that file")
            return FileFault(.error, .tokenMap, fault)
        }
    }
}

extension FileFault {
    fileprivate init(_ diagnostic: TLSDiagnostic, _ option: OptionName, index: Int) {
        // The system's authorities are a file that no option names.
        let file = option == .upstreamTLS ? diagnostic.file.map { "\($0): " } ?? "" : ""
        self.init(
            diagnostic.isError ? .error : .warning, option, index: index,
            ValueFault("\(file)\(diagnostic.problem)", remedy: diagnostic.remedy))
    }
}

extension TLSPlan {
    /// The option that named what is wrong, and which of its values.
    fileprivate func place(of diagnostic: TLSDiagnostic) -> (OptionName, Int) {
        var files: [CertificateFiles] = []
        if case .files(let named) = self.certificates { files = named }
        func chain(_ file: String) -> Int? { files.firstIndex { $0.chain == file } }
        func key(_ file: String) -> Int? { files.firstIndex { $0.key == file } }
        switch diagnostic {
        case .unreadable(let file, _):
            if let index = chain(file) { return (.tlsCert, index) }
            return key(file).map { (.tlsKey, $0) } ?? (.tlsClientCA, 0)
        case .notACertificate(let file, _), .brokenChain(let file, _), .noNames(let file), .expired(let file, _),
            .notYetValid(let file, _):
            return (.tlsCert, chain(file) ?? 0)
        case .notAKey(let file, _), .encryptedKey(let file), .keyReadableByOthers(let file):
            return (.tlsKey, key(file) ?? 0)
        case .keyMismatch(let key, let certificate):
            return (.tlsKey, files.firstIndex { $0.key == key && $0.chain == certificate } ?? 0)
        case .shadowed(let file, _, _): return (.tlsCert, files.lastIndex { $0.chain == file } ?? 0)
        case .badCiphers: return (.tlsCiphers, 0)
        case .badAuthorities: return (.tlsClientCA, 0)
        case .outOfMemory: return files.isEmpty ? (.tls, 0) : (.tlsCert, 0)
        }
    }
}

extension UpstreamTLSPlan {
    fileprivate func place(of diagnostic: TLSDiagnostic) -> OptionName {
        switch diagnostic {
        case .unreadable(let file, _):
            if file == self.certificate?.chain { return .upstreamTLSCert }
            if file == self.certificate?.key { return .upstreamTLSKey }
            return self.authorities == nil ? .upstreamTLS : .upstreamTLSCA
        case .notACertificate, .brokenChain, .noNames, .expired, .notYetValid, .shadowed: return .upstreamTLSCert
        case .notAKey, .encryptedKey, .keyReadableByOthers, .keyMismatch: return .upstreamTLSKey
        case .badAuthorities: return self.authorities == nil ? .upstreamTLS : .upstreamTLSCA
        case .badCiphers, .outOfMemory: return .upstreamTLS
        }
    }
}
