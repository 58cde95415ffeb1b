package import HTTPSemantics

/// The fields of a head that end here, by name: what is about one connection (RFC 9110 section 7.6.1), whether or not
/// Connection names it, and what Connection names. Those of HTTP/2 over Upgrade are among them, so that nobody behind
/// us is talked into a protocol that we do not follow.
struct HopByHop {
    private static let names = [
        "Connection", "Proxy-Connection", "Keep-Alive", "TE", "Transfer-Encoding", "Upgrade", "HTTP2-Settings",
        "Proxy-Authenticate", "Proxy-Authorization",
    ]

    /// What Connection names besides those that end here in any case.
    private var named: [String] = []

    init(of fields: HeaderFields) {
        fields.forEachElement(ofList: "Connection") { element in
            guard element.isToken, !Self.isAboutConnections(element) else { return }
            self.named.append(element.string)
        }
    }

    func includes(_ name: Span<UInt8>) -> Bool {
        if Self.isAboutConnections(name) { return true }
        for other in self.named where name.equalsIgnoringCase(other) { return true }
        return false
    }

    private static func isAboutConnections(_ name: Span<UInt8>) -> Bool {
        for other in Self.names where name.equalsIgnoringCase(other) { return true }
        return false
    }
}

extension HeaderFields {
    /// Without what is about one connection. It comes before anything is added, so that no client can have our own
    /// fields removed.
    package mutating func removeConnectionFields() {
        let ending = HopByHop(of: self)
        self = self.removing { ending.includes($0) }
    }

    /// What may stand in a trailer: nothing that frames, routes, authenticates or is about one connection (RFC 9110
    /// section 6.5.1).
    package var forwardableTrailers: HeaderFields {
        guard !self.isEmpty else { return self }
        let ending = HopByHop(of: self)
        return self.removing { name in
            ending.includes(name) || Self.neverInTrailers.contains { name.equalsIgnoringCase($0) }
        }
    }

    private static let neverInTrailers = [
        "Content-Length", "Content-Encoding", "Content-Type", "Content-Range", "Trailer", "Host", "Cache-Control",
        "Expect", "Max-Forwards", "Pragma", "Range", "Authorization", "Cookie", "Set-Cookie", "Location",
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
    ]
}
