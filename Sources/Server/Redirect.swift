internal import HTTPSemantics

/// Where a plain entrance sends everybody: to the same address by https.
struct Redirect: Equatable, Sendable {
    /// Of https.
    let port: UInt16

    /// For an answer with 308 (RFC 9110 section 15.4.9), which leaves method and body as they were; nil when the
    /// request names no host.
    func fields(for head: RequestHead) -> HeaderFields? {
        guard let host = head.authority?.host else { return nil }
        let name = host.contains(":") ? "[\(host)]" : host
        let port = self.port == 443 ? "" : ":\(self.port)"
        // `OPTIONS *` is for the server as a whole.
        let path = head.path.hasPrefix("/") ? head.path : "/"
        let query = head.query.map { "?\($0)" } ?? ""
        return ["Location": FieldValue("https://\(name)\(port)\(path)\(query)")]
    }
}
