package import IOCore
package import SystemCalls

/// What a client that was asked for a certificate showed.
package enum ClientCertificate: Equatable, Sendable {
    case none
    /// One that was verified; its subject in the form of RFC 2253.
    case verified(subject: String)
}

/// Who is at the other end, and where they came in. One object for all requests of a connection.
package final class ClientConnection: Sendable {
    package let address: SocketAddress
    package let listener: SocketAddress
    /// Nil: it came without TLS.
    package let tls: ClientTLS?
    /// Nil: nobody asked for one.
    package let certificate: ClientCertificate?

    package init(
        address: SocketAddress, listener: SocketAddress, tls: ClientTLS? = nil, certificate: ClientCertificate? = nil
    ) {
        self.address = address
        self.listener = listener
        self.tls = tls
        self.certificate = certificate
    }

    package var isTLS: Bool { self.tls != nil }
}
