internal import COpenSSL

// What OpenSSL refused, in the operator's words.
extension TLSDiagnostic {
    init(_ part: UInt32, _ error: cossl_error, verification: PeerVerification) {
        switch part {
        case COSSL_PART_CIPHERS.rawValue, COSSL_PART_SUITES.rawValue:
            self = .badCiphers(reason: error.text)
        case COSSL_PART_AUTHORITIES.rawValue:
            self = .badAuthorities(file: verification.authorities?.name ?? "", reason: error.text)
        case _:
            self = .outOfMemory
        }
    }

    init(_ part: UInt32, _ error: cossl_error, identity: TLSIdentity) {
        let (chain, key) = (identity.chain.name, identity.key.name)
        switch part {
        case COSSL_PART_CERTIFICATE.rawValue: self = .notACertificate(file: chain, reason: error.text)
        case COSSL_PART_CHAIN.rawValue: self = .brokenChain(file: chain, reason: error.text)
        case COSSL_PART_KEY.rawValue: self = .notAKey(file: key, reason: error.text)
        case COSSL_PART_KEY_ENCRYPTED.rawValue: self = .encryptedKey(file: key)
        case COSSL_PART_KEY_MATCH.rawValue: self = .keyMismatch(key: key, certificate: chain)
        case _: self = .outOfMemory
        }
    }
}
