package import HTTPSemantics

extension HeaderFields {
    /// Fields that are about one connection (RFC 9110 section 7.6.1), whether or not Connection names them; those of
    /// HTTP/2 over Upgrade besides, so that nobody behind us is talked into a protocol that we do not follow.
    private static let connectionFields = [
        "Connection", "Proxy-Connection", "Keep-Alive", "TE", "Transfer-Encoding", "Upgrade", "HTTP2-Settings",
        "Proxy-Authenticate", "Proxy-Authorization",
    ]

    /// Removes what Connection names, then what is about one connection in any case. It comes before anything is
    /// added, so that no client can have our own fields removed.
    package mutating func removeConnectionFields() {
        var named: [String] = []
        self.forEachElement(ofList: "Connection") { element in
            // The usual words are no fields, or go anyway.
            let isUsual = ["close", "keep-alive", "upgrade"].contains { element.equalsIgnoringCase($0) }
            if !isUsual, element.isToken { named.append(element.string) }
        }
        for name in named { self.removeAll(name) }
        self.removeAll { Self.isConnectionField($0.name) }
    }

    private static func isConnectionField(_ name: String) -> Bool {
        let bytes = name.utf8.span
        // Of most fields the first letter and the length are enough.
        switch bytes.isEmpty ? 0 : bytes[0].asciiLowercased {
        case UInt8(ascii: "c"): return bytes.equalsIgnoringCase("Connection")
        case UInt8(ascii: "u"): return bytes.equalsIgnoringCase("Upgrade")
        case UInt8(ascii: "h"): return bytes.equalsIgnoringCase("HTTP2-Settings")
        case UInt8(ascii: "p"), UInt8(ascii: "k"), UInt8(ascii: "t"):
            return Self.connectionFields.contains { bytes.equalsIgnoringCase($0) }
        case _: return false
        }
    }

    /// What may stand in a trailer: nothing that frames, routes, authenticates or is about one connection (RFC 9110
    /// section 6.5.1).
    package var forwardableTrailers: HeaderFields {
        guard !self.isEmpty else { return self }
        var trailers = self
        trailers.removeConnectionFields()
        for name in Self.neverInTrailers { trailers.removeAll(name) }
        return trailers
    }

    private static let neverInTrailers = [
        "Content-Length", "Content-Encoding", "Content-Type", "Content-Range", "Trailer", "Host", "Cache-Control",
        "Expect", "Max-Forwards", "Pragma", "Range", "Authorization", "Cookie", "Set-Cookie", "Location",
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
    ]
}
