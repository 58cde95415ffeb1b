/// What lies between the sockets of a listener and HTTP.
package struct TransportPlan: Sendable, Equatable {
    /// Nil: plain.
    package var tls: TLSPlan?
    package var proxyHeader = ProxyHeaderMode.off

    package init() {}

    /// What a listener may say for itself, and otherwise takes over from what holds for all.
    package static let options: [OptionName] = [
        .tlsCert, .tlsKey, .tls, .tlsMinVersion, .tlsCiphers, .tlsClientCA, .tlsClientAuth, .proxyProtocol,
    ]
}

/// How TLS is spoken; files are read when the server starts, and whenever they change.
package struct TLSPlan: Sendable, Equatable {
    package enum Certificates: Sendable, Equatable {
        /// Made at start, for this machine's own names and these.
        case selfSigned(names: [String])
        case files([CertificateFiles])
    }

    package var certificates: Certificates
    package var versionMin: TLSVersionName
    /// As OpenSSL names them; nil: a modern choice.
    package var ciphers: String?
    /// Whom certificates of clients must come from; nil: nobody is asked for one.
    package var clientAuthorities: String?
    package var requiresCertificate: Bool
}

/// Paths of a chain of certificates and of the key of its first.
package struct CertificateFiles: Sendable, Equatable {
    package var chain: String
    package var key: String
}

/// TLS without files: a certificate that nobody has to make, or none of it.
package enum TLSMode: String, Choice {
    case selfSigned = "self-signed"
    /// A plain listener of a server with TLS.
    case off
}

/// The lowest version of TLS.
package enum TLSVersionName: String, Choice {
    case tls12 = "1.2"
    case tls13 = "1.3"

    /// Every browser of the last ten years speaks 1.2; RFC 8996 has put an end to what is below.
    package static let standard = TLSVersionName.tls12
}

/// Whether clients show a certificate.
package enum ClientAuth: String, Choice { case off, optional, required }

/// Whether connections begin with a PROXY header. There is no "if it comes": anybody could say then who they are.
package enum ProxyHeaderMode: String, Choice { case off, required }

extension TransportPlan {
    /// What `wsbridge check` prints, by the names of options.
    var lines: [(name: String, value: String)] {
        var lines: [(String, String)] = []
        if let tls = self.tls {
            switch tls.certificates {
            case .selfSigned: lines.append(("tls", "self-signed"))
            case .files(let files):
                for file in files { lines += [("tls-cert", file.chain), ("tls-key", file.key)] }
            }
            lines.append(("tls-min-version", tls.versionMin.description))
            if let ciphers = tls.ciphers { lines.append(("tls-ciphers", ciphers)) }
            if let authorities = tls.clientAuthorities {
                lines.append(("tls-client-ca", authorities))
                lines.append(("tls-client-auth", tls.requiresCertificate ? "required" : "optional"))
            }
        }
        if self.proxyHeader == .required { lines.append(("proxy-protocol", "required")) }
        return lines
    }
}
