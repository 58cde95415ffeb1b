internal import COpenSSL

/// One SSL_CTX: settings, and for a server a certificate with its key. Connections keep it alive.
@safe
final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Throws what is wrong with the settings.
    init(_ settings: TLSSettings, isClient: Bool, tickets: TicketKeys?) throws(TLSDiagnostic) {
        var part: UInt32 = 0
        var error = cossl_error()
        let authorities: [UInt8]? = settings.verification.authorities?.bytes
        let protocols = Self.wireForm(settings.protocols)
        // The names below must last for the call only: OpenSSL copies what it keeps.
        let pointer: OpaquePointer? = unsafe settings.ciphers.ciphers.withCString { ciphers in
            unsafe settings.ciphers.suites.withCString { suites in
                unsafe protocols.withUnsafeBufferPointer { protocols in
                    unsafe Self.withOptional(authorities) { authorities in
                        var values = unsafe cossl_settings()
                        unsafe values.is_client = isClient
                        unsafe values.version_min = settings.versionMin.code
                        unsafe values.version_max = settings.versionMax?.code ?? 0
                        unsafe values.ciphers = ciphers
                        unsafe values.suites = suites
                        unsafe values.protocols = protocols.baseAddress
                        unsafe values.protocol_count = protocols.count
                        unsafe values.authorities = authorities.baseAddress
                        unsafe values.authority_count = authorities.count
                        unsafe values.requires_certificate = settings.verification.isRequired
                        unsafe values.tickets = tickets?.pointer
                        return unsafe cossl_context_new(&values, &part, &error)
                    }
                }
            }
        }
        guard let pointer = unsafe pointer else {
            throw TLSDiagnostic(part, error, verification: settings.verification)
        }
        unsafe self.pointer = pointer
    }

    deinit { unsafe cossl_context_free(self.pointer) }

    /// Answers as `identity` from now on, and as an earlier one with another kind of key to those who can verify only
    /// that. Throws what is wrong with it.
    func use(_ identity: TLSIdentity) throws(TLSDiagnostic) {
        var part: UInt32 = 0
        var error = cossl_error()
        let (chain, key) = (identity.chain.bytes, identity.key.bytes)
        let isUsed = unsafe cossl_context_use(self.pointer, chain, chain.count, key, key.count, &part, &error)
        guard isUsed else { throw TLSDiagnostic(part, error, identity: identity) }
    }

    /// Serves clients that name `name` by `other`.
    func addName(_ name: String, _ other: TLSContext) throws(TLSDiagnostic) {
        guard unsafe cossl_context_add_name(self.pointer, name, other.pointer) else { throw .outOfMemory }
    }

    /// ALPN's list: each name after its length (RFC 7301 section 3.1).
    private static func wireForm(_ names: [String]) -> [UInt8] {
        names.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8.prefix(255)) }
    }

    /// A buffer without an address for what is not there.
    private static func withOptional<Result>(
        _ bytes: [UInt8]?, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        guard let bytes else { return unsafe body(UnsafeBufferPointer(start: nil, count: 0)) }
        // An empty file is an empty list, which is refused, and not the absence of one.
        return unsafe (bytes.isEmpty ? [0] : bytes).withUnsafeBufferPointer { unsafe body($0) }
    }
}

// MARK: - What the certificate says

extension TLSContext {
    /// DNS names of the certificate.
    var certificateNames: [String] {
        guard let text = unsafe cossl_certificate_names(self.pointer) else { return [] }
        defer { unsafe cossl_free(text) }
        return unsafe String(cString: text).split(separator: "\n").map(String.init)
    }

    /// Seconds since 1970.
    var validity: (from: Int64, until: Int64)? {
        var (from, until): (Int64, Int64) = (0, 0)
        return unsafe cossl_certificate_validity(self.pointer, &from, &until) ? (from, until) : nil
    }

    /// The kind of its key, as OpenSSL counts them: a context may have one certificate of each.
    var keyKind: CInt { unsafe cossl_certificate_kind(self.pointer) }

    var fingerprint: [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 32)
        return unsafe cossl_certificate_sha256(self.pointer, &digest) ? digest : nil
    }
}

extension PeerVerification {
    var authorities: NamedBytes? {
        switch self {
        case .off: nil
        case .optional(let authorities), .required(let authorities): authorities
        }
    }

    var isRequired: Bool {
        switch self {
        case .off, .optional: false
        case .required: true
        }
    }
}
