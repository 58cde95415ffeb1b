package import Configuration
internal import SystemCalls
package import TLSEngine

/// Which certificates of servers are good.
package enum Trust: Equatable, Sendable {
    /// Those of the authorities that the system trusts.
    case system
    /// Those of the authorities in a PEM file.
    case authorities(file: String)
    /// All of them: whoever sits in between can read and change everything.
    case anybody

    /// Where distributions keep their bundle: Debian, Fedora, Alpine and others.
    private static let bundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ]

    /// How to speak TLS to `url`; nil where none is spoken.
    package func context(for url: WebSocketURL) throws(ClientFailure) -> ClientContext? {
        guard url.isTLS else { return nil }
        var settings = TLSSettings()
        switch self {
        case .system: settings.verification = .required(authorities: try Self.systemBundle())
        case .authorities(let file): settings.verification = .required(authorities: try Self.read(file))
        case .anybody: settings.verification = .off
        }
        do throws(TLSDiagnostic) {
            return try ClientContext(settings)
        } catch {
            throw .tls(error.description)
        }
    }

    private static func systemBundle() throws(ClientFailure) -> NamedBytes {
        for path in self.bundles where FileStamp(path) != nil { return try Self.read(path) }
        throw .untrusted("the system has no bundle of authorities (Debian: ca-certificates)")
    }

    private static func read(_ path: String) throws(ClientFailure) -> NamedBytes {
        do throws(Errno) {
            return NamedBytes(name: path, bytes: try FileContents(path).bytes)
        } catch {
            throw .untrusted("\(path) cannot be read: \(error)")
        }
    }
}
