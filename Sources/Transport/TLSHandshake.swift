package import IOCore
package import TLSEngine

/// Hears how a handshake ends, once.
package protocol TLSHandshakeClient: AnyObject {
    /// The stream is ready: it gets its delegate here. What came behind the handshake follows.
    func handshakeCompleted(_ stream: TLSStream)
    /// The stream closes itself, once the peer has heard why.
    func handshakeFailed(_ failure: TLSHandshakeFailure)
}

/// Why a connection did not come to be.
package enum TLSHandshakeFailure: Equatable, Sendable {
    case tls(TLSFailure)
    /// The client speaks plain HTTP; it was answered 400.
    case plainHTTP
    /// Not complete within the deadline.
    case late
    /// The peer ended the transport.
    case cut
    case transport(StreamFailure)

    /// In the words of a log line.
    package var reason: String {
        switch self {
        case .tls(let failure): failure.reason
        case .plainHTTP: "plain HTTP where TLS is spoken"
        case .late: "TLS handshake not complete in time"
        case .cut: "the client left during the TLS handshake"
        case .transport(let failure): "\(failure)"
        }
    }
}
