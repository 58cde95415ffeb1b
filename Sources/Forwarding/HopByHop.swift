package import HTTPSemantics

/// The fields of a head that end here, by name: what is about one connection (RFC 9110 section 7.6.1), whether or not
/// Connection names it, and what Connection names. Those of HTTP/2 over Upgrade are among them, so that nobody behind
/// us is talked into a protocol that we do not follow.
struct HopByHop {
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

    /// Most names have another length than all of these.
    private static func isAboutConnections(_ name: Span<UInt8>) -> Bool {
        switch name.count {
        case 2: name.equalsIgnoringCase("TE")
        case 7: name.equalsIgnoringCase("Upgrade")
        case 10: name.equalsIgnoringCase("Connection") || name.equalsIgnoringCase("Keep-Alive")
        case 14: name.equalsIgnoringCase("HTTP2-Settings")
        case 16: name.equalsIgnoringCase("Proxy-Connection")
        case 17: name.equalsIgnoringCase("Transfer-Encoding")
        case 18: name.equalsIgnoringCase("Proxy-Authenticate")
        case 19: name.equalsIgnoringCase("Proxy-Authorization")
        case _: false
        }
    }
}

extension HeaderFields {
    /// Without what is about one connection. It comes before anything is added, so that no client can have our own
    /// fields removed.
    package mutating func removeConnectionFields() {
        let ending = HopByHop(of: self)
        self.removeAll { ending.includes($0) }
    }

    /// What may stand in a trailer: nothing that frames, routes, authenticates or is about one connection (RFC 9110
    /// section 6.5.1).
    package var forwardableTrailers: HeaderFields {
        guard !self.isEmpty else { return self }
        let ending = HopByHop(of: self)
        var kept = self
        kept.removeAll { name in
            ending.includes(name) || Self.neverInTrailers.contains { name.equalsIgnoringCase($0) }
        }
        return kept
    }

    private static let neverInTrailers = [
        "Content-Length", "Content-Encoding", "Content-Type", "Content-Range", "Trailer", "Host", "Cache-Control",
        "Expect", "Max-Forwards", "Pragma", "Range", "Authorization", "Cookie", "Set-Cookie", "Location",
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
    ]
}
