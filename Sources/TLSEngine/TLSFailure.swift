internal import COpenSSL

/// Why a TLS connection broke, in OpenSSL's words.
package enum TLSFailure: Error, Equatable, Sendable {
    /// The peer ended it with a fatal alert.
    case alert(String)
    /// The peer's certificate is missing or not trusted.
    case certificate(String)
    /// The peer broke the protocol, or offers nothing that we speak.
    case violation(String)
    /// OpenSSL could not go on: out of memory, or a fault of ours.
    case library(String)

    package var reason: String {
        switch self {
        case .alert(let reason), .certificate(let reason), .violation(let reason), .library(let reason): reason
        }
    }

    init(_ error: cossl_error) {
        let reason = error.text
        switch error.kind {
        case UInt32(COSSL_ALERT.rawValue): self = .alert(reason)
        case UInt32(COSSL_CERTIFICATE.rawValue): self = .certificate(reason)
        case UInt32(COSSL_VIOLATION.rawValue): self = .violation(reason)
        case _: self = .library(reason)
        }
    }
}

extension cossl_error {
    /// The reason up to its terminator.
    var text: String {
        unsafe withUnsafeBytes(of: self.reason) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
