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
    /// For these names a file in front of it has a certificate with the same kind of key.
    case shadowed(file: String, names: [String], by: String)

    /// False: the server starts, or the new files are taken, nevertheless.
    package var isError: Bool {
        switch self {
        case .unreadable, .notACertificate, .brokenChain, .notAKey, .encryptedKey, .keyMismatch, .badCiphers,
            .badAuthorities, .outOfMemory:
            true
        case .noNames, .expired, .notYetValid, .keyReadableByOthers, .shadowed: false
        }
    }
}

extension TLSDiagnostic: CustomStringConvertible {
    /// `site.key: is encrypted, and nobody can type its passphrase here; openssl pkey removes it`
    package var description: String {
        let file = self.file.map { "\($0): " } ?? ""
        return "\(file)\(self.problem); \(self.remedy)"
    }

    /// What is to blame; nil: no file.
    package var file: String? {
        switch self {
        case .unreadable(let file, _), .notACertificate(let file, _), .brokenChain(let file, _), .notAKey(let file, _),
            .encryptedKey(let file), .keyMismatch(let file, _), .badAuthorities(let file, _), .noNames(let file),
            .expired(let file, _), .notYetValid(let file, _), .keyReadableByOthers(let file),
            .shadowed(let file, _, _):
            file
        case .badCiphers, .outOfMemory: nil
        }
    }

    /// What is wrong with the file.
    package var problem: String {
        switch self {
        case .unreadable(_, let reason): "cannot be read: \(reason)"
        case .notACertificate(_, let reason): "holds no certificate in PEM form (\(reason))"
        case .brokenChain(_, let reason): "a certificate behind the first cannot be read (\(reason))"
        case .notAKey(_, let reason): "holds no private key in PEM form (\(reason))"
        case .encryptedKey: "is encrypted, and nobody can type its passphrase here"
        case .keyMismatch(_, let certificate): "does not belong to the certificate in \(certificate)"
        case .badCiphers(let reason): "the ciphers are not known (\(reason))"
        case .badAuthorities(_, let reason): "holds no certificates in PEM form, or a broken one (\(reason))"
        case .noNames: "the certificate names no host: only as the first it is shown to anybody"
        case .outOfMemory: "out of memory"
        case .expired(_, let days): "the certificate expired \(days) days ago; clients will refuse it"
        case .notYetValid(_, let days): "the certificate is valid in \(days) days only; clients will refuse it"
        case .keyReadableByOthers: "the key can be read by other users"
        case .shadowed(_, let names, let other):
            """
            not shown to who asks for \(Self.list(names)): \(other), which stands before it, has a certificate for \
            that with the same kind of key
            """
        }
    }

    /// The way out.
    package var remedy: String {
        switch self {
        case .unreadable: "name a file that is there and that the server may read"
        case .notACertificate: "convert it with openssl x509"
        case .brokenChain: "write every certificate of the chain in PEM form"
        case .notAKey: "convert it with openssl pkey"
        case .encryptedKey: "openssl pkey removes it"
        case .keyMismatch: "name keys in the order of their certificates"
        case .badCiphers: "openssl ciphers -v lists those that are"
        case .badAuthorities: "name a file of certificates, one after the other"
        case .noNames: "have it issued with a subjectAltName"
        case .outOfMemory: "free some"
        case .expired: "have it renewed"
        case .notYetValid: "look at the clock of this machine"
        case .keyReadableByOthers: "chmod 600 takes that away"
        case .shadowed: "leave one of them out, or name the newer one first"
        }
    }

    /// A certificate may have hundreds.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(3).joined(separator: ", ")
        return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
    }
}
