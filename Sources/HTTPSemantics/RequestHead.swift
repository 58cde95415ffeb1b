/// A request up to its body, checked by whoever parsed it and free of any HTTP version's wire format.
package struct RequestHead: Hashable, Sendable {
    package var method: String
    /// The request target as received. Visible ASCII only.
    package var target: String
    /// The path of the target, still percent-encoded: begins with `/`, or is `*` for `OPTIONS *`.
    package var path: String
    /// What follows the first `?` of the target, raw; nil when there is no `?`.
    package var query: String?
    /// 0 or 1: the digit behind `HTTP/1.`
    package var minorVersion: Int
    /// Whom the client believes to talk to: the target's authority, else the Host field; nil when it named
    /// nobody.
    package var authority: Authority?
    package var fields: HeaderFields
    package var body: RequestBody

    package init(
        method: String,
        target: String,
        minorVersion: Int = 1,
        authority: Authority? = nil,
        fields: HeaderFields = [:],
        body: RequestBody = .none
    ) {
        self.method = method
        self.target = target
        (self.path, self.query) = RequestHead.split(target)
        self.minorVersion = minorVersion
        self.authority = authority
        self.fields = fields
        self.body = body
    }

    /// Whether the connection may carry another request after this one (RFC 9112 section 9.3).
    package var keepAlive: Bool {
        if self.fields.lists("close", in: "Connection") { return false }
        return self.minorVersion >= 1 || self.fields.lists("keep-alive", in: "Connection")
    }

    /// Path and query of a target in origin form, cut at the first `?`.
    package static func split(_ target: String) -> (path: String, query: String?) {
        let bytes = target.utf8.span
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return (target, nil) }
        return (bytes.extracting(..<mark).string, bytes.extracting((mark + 1)...).string)
    }
}
