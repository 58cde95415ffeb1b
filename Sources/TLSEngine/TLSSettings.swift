/// The lowest version of TLS that is spoken; RFC 8996 has put an end to those below.
package enum TLSVersion: String, CaseIterable, Sendable {
    case tls12 = "1.2"
    case tls13 = "1.3"

    /// As it stands on the wire (RFC 8446 section 4.2.1).
    var code: CInt {
        switch self {
        case .tls12: 0x0303
        case .tls13: 0x0304
        }
    }
}

/// Bytes that an operator's file held, and its name for messages.
package struct NamedBytes: Sendable {
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// As whom a server answers: a PEM chain, its own certificate first, and the PEM key of that one.
package struct TLSIdentity: Sendable {
    package let chain: NamedBytes
    package let key: NamedBytes
    /// The host names that it is for, `*.` standing for one label; nil: those in the certificate.
    package let names: [String]?

    package init(chain: NamedBytes, key: NamedBytes, names: [String]? = nil) {
        self.chain = chain
        self.key = key
        self.names = names
    }
}

/// Whether the peer must show a certificate. Of a client it is asked; a server always has one, and `off` means that
/// it is not checked.
package enum PeerVerification: Sendable {
    case off
    /// A client may come without one; one that it shows must be good.
    case optional(authorities: NamedBytes)
    case required(authorities: NamedBytes)
}

/// What connections of a context may agree to.
package struct TLSSettings: Sendable {
    package var versionMin = TLSVersion.tls12
    /// Nil: the highest that OpenSSL has.
    package var versionMax: TLSVersion?
    package var ciphers = CipherChoice.modern
    /// ALPN names, the preferred first; empty: not negotiated.
    package var protocols = ["http/1.1"]
    package var verification = PeerVerification.off

    package init() {}
}
