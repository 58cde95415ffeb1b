/// One end of the connection that a proxy speaks for.
package enum ProxyEndpoint: Hashable, Sendable {
    /// The lowest byte of `address` is the last of the dotted form.
    case ipv4(address: UInt32, port: UInt16)
    /// The sixteen bytes as two big-endian words.
    case ipv6(high: UInt64, low: UInt64, port: UInt16)
    /// Version 2 only; up to the first NUL, so it may be empty.
    case unix(path: [UInt8])
}

/// What a proxy says in front of the client's bytes (the PROXY protocol, versions 1 and 2, as HAProxy's
/// proxy-protocol.txt has it).
package enum ProxyHeader: Hashable, Sendable {
    /// The proxy speaks for itself, as for a health check, or does not know: the connection's own addresses count.
    case local
    case proxied(client: ProxyEndpoint, server: ProxyEndpoint)

    /// Bytes of a header at most. Version 1 has 107 at most; version 2 has 536 with the longest addresses and a few
    /// values behind them, and a certificate in one of these may take some thousands.
    package static let bytesMax = 4096
}

/// How a header breaks the protocol.
package enum ProxyHeaderViolation: Error, Hashable, Sendable {
    /// The connection begins with something else: the peer is no proxy, or does not send the header.
    case missing
    case tooLong(limit: Int)
    case malformed(String)
    case badChecksum

    package var reason: String {
        switch self {
        case .missing: "no PROXY header"
        case .tooLong(let limit): "PROXY header longer than \(limit) bytes"
        case .malformed(let what): "PROXY header malformed: \(what)"
        case .badChecksum: "PROXY header with a wrong checksum"
        }
    }
}
