internal import Configuration
package import SystemCalls

/// Why a connection of ours did not come about, or broke.
package enum ClientFailure: Error, Equatable, Sendable {
    case unknownHost(String, reason: String)
    case notConnected(SocketAddress, Errno)
    /// Nobody answered in the time for connecting.
    case tooSlow(String)
    case tls(String)
    /// The server's certificate cannot be checked, or is not good.
    case untrusted(String)
    case handshake(HandshakeFailure)
    case violation(ServerViolation)
    /// The connection ended without a Close.
    case cut
    case broken(Errno)
}

extension ClientFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownHost(let host, let reason): "cannot find \(host): \(reason)".controlsEscaped
        case .notConnected(let address, let error): "cannot connect to \(address): \(error)"
        case .tooSlow(let what): "\(what) takes too long; --connect-timeout gives it more time"
        case .tls(let reason): "TLS failed: \(reason)".controlsEscaped
        case .untrusted(let reason):
            """
            the server's certificate is not trusted: \(reason.controlsEscaped); name its authority with --ca FILE, or \
            do without with --insecure
            """
        case .handshake(let failure): failure.description
        case .violation(let violation): "the server broke the protocol: \(violation)"
        case .cut: "the connection ended without a Close"
        case .broken(let error): "the connection broke: \(error)"
        }
    }

    /// A few words for counting what went wrong.
    package var kind: String {
        switch self {
        case .unknownHost: "unknown host"
        case .notConnected(_, let error): "connect: \(error)"
        case .tooSlow: "connect: timeout"
        case .tls, .untrusted: "TLS"
        case .handshake(.refused(let status, _, _)): "handshake: \(status)"
        case .handshake: "handshake"
        case .violation: "protocol violation"
        case .cut: "cut without a Close"
        case .broken(let error): "broken: \(error)"
        }
    }
}
