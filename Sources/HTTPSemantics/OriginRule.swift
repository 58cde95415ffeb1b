/// Which pages may open a session here.
///
/// Browsers let any page connect to any WebSocket server and send the user's cookies along; this rule is the
/// only thing between such a page and the program behind a route (cross-site WebSocket hijacking).
package enum OriginRule: Hashable, Sendable {
    /// The page came from the very scheme, host and port that it now connects to.
    case sameOrigin
    case any
    case list([OriginPattern])

    /// Whether a request with this Origin field is let in.
    ///
    /// Without the field the client is not a browser and could have written anything: it is admitted. `isTLS`
    /// says how the client came in, as far as anybody trustworthy knows: behind a proxy that ends TLS it is
    /// the forwarded scheme that counts.
    package func admits(origin: String?, authority: Authority?, isTLS: Bool) -> Bool {
        guard let origin else { return true }
        switch self {
        case .any:
            return true
        case .sameOrigin:
            guard let origin = Origin(origin), let authority else { return false }
            let scheme = isTLS ? "https" : "http"
            return origin.scheme == scheme && origin.authority.host == authority.host
                && origin.port == authority.port(orDefaultOf: scheme)
        case .list(let patterns):
            guard let origin = Origin(origin) else { return false }
            return patterns.contains { $0.matches(origin) }
        }
    }

    /// Whether the request is let in; one with several Origin fields comes from no browser and is up to no
    /// good.
    package func admits(_ head: RequestHead, isTLS: Bool) -> Bool {
        if self == .any { return true }
        guard head.fields.count(of: "Origin") <= 1 else { return false }
        return self.admits(
            origin: head.fields.first("Origin")?.string, authority: head.authority, isTLS: isTLS)
    }
}
