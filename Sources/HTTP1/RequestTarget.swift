internal import HTTPSemantics

/// The middle of the request line, in one of the forms that an origin server understands (RFC 9112 section
/// 3.2).
struct RequestTarget: Sendable {
    /// As received.
    let text: String
    /// Path and query, or `*`.
    let originForm: String
    /// Scheme and authority of `http://host/path`, the form that clients use towards a proxy.
    let absolute: (scheme: String, authority: Authority)?

    init(_ bytes: Span<UInt8>, method: String) throws(RequestHeadViolation) {
        for index in bytes.indices where !RequestTarget.isAllowed(bytes[index]) { throw .invalidTarget }
        guard !bytes.isEmpty else { throw .invalidTarget }
        self.text = bytes.string
        if bytes[0] == UInt8(ascii: "/") || (self.text == "*" && method == "OPTIONS") {
            self.originForm = self.text
            self.absolute = nil
            return
        }
        let (scheme, authorityStart) = try RequestTarget.scheme(of: bytes)
        var authorityEnd = authorityStart
        while authorityEnd < bytes.count, !RequestTarget.endsAuthority(bytes[authorityEnd]) { authorityEnd += 1 }
        guard let authority = Authority(bytes.extracting(authorityStart..<authorityEnd)) else {
            throw .invalidTarget
        }
        let rest = bytes.extracting(authorityEnd..<bytes.count).string
        self.absolute = (scheme, authority)
        self.originForm = rest.utf8.first == UInt8(ascii: "/") ? rest : "/" + rest
    }

    /// Visible ASCII. Bytes beyond it must come percent-encoded, and a fragment never leaves the client.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
    }

    /// The scheme, and where the authority begins behind it.
    private static func scheme(
        of bytes: Span<UInt8>
    ) throws(RequestHeadViolation) -> (scheme: String, authorityStart: Int) {
        for scheme in ["http", "https", "ws", "wss"] where bytes.startsIgnoringCase(with: scheme + "://") {
            return (scheme, scheme.utf8.count + "://".utf8.count)
        }
        throw .invalidTarget
    }
}
