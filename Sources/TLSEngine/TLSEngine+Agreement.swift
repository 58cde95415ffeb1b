internal import COpenSSL

// What the handshake came to.
extension TLSEngine {
    /// Whether the session was resumed by a ticket.
    package var isResumed: Bool { unsafe cossl_is_resumed(self.connection) }

    /// What a client's next connection to the same server can go on with. With TLS 1.3 it comes behind the handshake.
    package var session: [UInt8]? {
        var count = 0
        guard let bytes = unsafe cossl_session_copy(self.connection, &count) else { return nil }
        defer { unsafe cossl_free(bytes) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// `TLSv1.3`.
    package var version: String {
        guard let name = unsafe cossl_version(self.connection) else { return "" }
        return unsafe String(cString: name)
    }

    /// `TLS_AES_128_GCM_SHA256`.
    package var cipher: String {
        guard let name = unsafe cossl_cipher(self.connection) else { return "" }
        return unsafe String(cString: name)
    }

    /// What ALPN chose.
    package var chosenProtocol: String? {
        var name: UnsafePointer<UInt8>?
        let count = unsafe cossl_protocol(self.connection, &name)
        guard count > 0, let start = unsafe name else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The subject of the peer's certificate in the form of RFC 2253, which is ASCII; nil when it showed none. One that
    /// was shown has been verified, else there would be no connection.
    package var peerSubject: String? {
        guard let text = unsafe cossl_peer_subject(self.connection) else { return nil }
        defer { unsafe cossl_free(text) }
        return unsafe String(cString: text)
    }
}
