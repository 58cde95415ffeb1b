/// The origin of a page, as the Origin field of RFC 6454 names it: `scheme://host[:port]`.
package struct Origin: Hashable, Sendable {
    /// Lower case. Not only `http` and `https`: browser extensions and application shells have their own.
    package let scheme: String
    package let authority: Authority

    /// Nil for `null`, for a list and for everything else that names no single origin.
    package init?(_ text: String) {
        guard let (scheme, rest) = Origin.splitScheme(text), let authority = Authority(rest.utf8.span) else {
            return nil
        }
        self.scheme = scheme
        self.authority = authority
    }

    /// The port, or the default one of the scheme.
    package var port: UInt16? {
        self.authority.port(orDefaultOf: self.scheme)
    }

    /// The lower-case scheme and what follows `://`; nil when there is no well-formed scheme.
    static func splitScheme(_ text: String) -> (scheme: String, rest: Substring)? {
        let bytes = text.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = bytes[..<colon]
        let isScheme =
            scheme.first?.isASCIILetter == true
            && scheme.allSatisfy {
                $0.isASCIILetter || $0.isASCIIDigit
                    || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            }
        guard isScheme, bytes[colon...].starts(with: "://".utf8) else { return nil }
        let lowercased = String(decoding: scheme.map(\.asciiLowercased), as: UTF8.self)
        return (lowercased, text[colon...].dropFirst(3))
    }
}
