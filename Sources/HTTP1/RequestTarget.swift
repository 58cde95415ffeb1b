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

    init(_ bytes: ArraySlice<UInt8>, method: String) throws(RequestHeadViolation) {
        guard bytes.allSatisfy(RequestTarget.isAllowed) else { throw .invalidTarget }
        self.text = String(decoding: bytes, as: UTF8.self)
        if bytes.first == UInt8(ascii: "/") || (self.text == "*" && method == "OPTIONS") {
            self.originForm = self.text
            self.absolute = nil
            return
        }
        let (scheme, afterScheme) = try RequestTarget.splitScheme(bytes)
        let authorityEnd = afterScheme.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        let authority = afterScheme[..<(authorityEnd ?? afterScheme.endIndex)]
        let rest = String(decoding: afterScheme[authority.endIndex...], as: UTF8.self)
        guard let authority = Authority(authority) else { throw .invalidTarget }
        self.absolute = (scheme, authority)
        self.originForm = rest.utf8.first == UInt8(ascii: "/") ? rest : "/" + rest
    }

    /// Visible ASCII. Bytes beyond it must come percent-encoded, and a fragment never leaves the client.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
    }

    private static func splitScheme(
        _ bytes: ArraySlice<UInt8>
    ) throws(RequestHeadViolation) -> (scheme: String, rest: ArraySlice<UInt8>) {
        for scheme in ["http", "https", "ws", "wss"] {
            let prefix = (scheme + "://").utf8
            if bytes.prefix(prefix.count).equalsIgnoringCase(prefix) {
                return (scheme, bytes.dropFirst(prefix.count))
            }
        }
        throw .invalidTarget
    }
}
