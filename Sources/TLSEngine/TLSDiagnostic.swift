/// What is wrong with the files and settings of a context, and the way out.
package enum TLSDiagnostic: Error, Equatable, Sendable {
    case unreadable(file: String, reason: String)
    case notACertificate(file: String, reason: String)
    case brokenChain(file: String, reason: String)
    case notAKey(file: String, reason: String)
    case encryptedKey(file: String)
    case keyMismatch(key: String, certificate: String)
    case badCiphers(reason: String)
    case badAuthorities(file: String, reason: String)
    case noNames(file: String)
    case outOfMemory
    // What is only warned about:
    case expired(file: String, days: Int64)
    case notYetValid(file: String, days: Int64)
    case keyReadableByOthers(file: String)

    /// False: the server starts, or the new files are taken, nevertheless.
    package var isError: Bool {
        switch self {
        case .unreadable, .notACertificate, .brokenChain, .notAKey, .encryptedKey, .keyMismatch, .badCiphers,
            .badAuthorities, .outOfMemory:
            true
        case .noNames, .expired, .notYetValid, .keyReadableByOthers: false
        }
    }
}

extension TLSDiagnostic: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "\(file) cannot be read: \(reason)"
        case .notACertificate(let file, let reason):
            "\(file) holds no certificate in PEM form (\(reason)); convert it with openssl x509"
        case .brokenChain(let file, let reason):
            "\(file): a certificate behind the first cannot be read (\(reason))"
        case .notAKey(let file, let reason):
            "\(file) holds no private key in PEM form (\(reason)); convert it with openssl pkey"
        case .encryptedKey(let file):
            "the key in \(file) is encrypted; nobody can type its passphrase here: openssl pkey removes it"
        case .keyMismatch(let key, let certificate):
            "the key in \(key) does not belong to the certificate in \(certificate)"
        case .badCiphers(let reason):
            "the ciphers are not known (\(reason)); openssl ciphers -v lists those that are"
        case .badAuthorities(let file, let reason):
            "\(file) holds no certificates in PEM form, or a broken one (\(reason))"
        case .noNames(let file):
            "the certificate in \(file) names no host: clients reach it as the default only"
        case .outOfMemory:
            "out of memory"
        case .expired(let file, let days):
            "the certificate in \(file) expired \(days) days ago; clients will refuse it"
        case .notYetValid(let file, let days):
            "the certificate in \(file) is valid in \(days) days only; clients will refuse it until then"
        case .keyReadableByOthers(let file):
            "the key in \(file) can be read by other users; chmod 600 takes that away"
        }
    }
}
