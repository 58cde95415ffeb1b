internal import IOCore
internal import ProxyProtocol
internal import SystemCalls

extension DialSettings.ProxyHeaderChoice {
    /// What goes out in front of everything else; nothing for `none`.
    func bytes(for request: ConnectRequest) -> [UInt8] {
        let client = ProxyEndpoint(request.client)
        let header = ProxyHeader.proxied(
            client: client, server: request.local.map { ProxyEndpoint($0) } ?? client.unspecified)
        return switch self {
        case .none: []
        case .version1: header.version1
        case .version2: header.version2(tls: request.tls.map { ProxyTLS($0) })
        }
    }

    /// The same for a connection of our own, such as a check.
    var bytesForOurselves: [UInt8] {
        switch self {
        case .none: []
        case .version1: ProxyHeader.local.version1
        case .version2: ProxyHeader.local.version2()
        }
    }
}

extension ProxyEndpoint {
    init(_ address: SocketAddress) {
        switch address {
        case .ipv4(let address, let port): self = .ipv4(address: address, port: port)
        case .ipv6(let high, let low, let port): self = .ipv6(high: high, low: low, port: port)
        case .unix(let path): self = .unix(path: Array(path.utf8))
        }
    }

    /// Nobody's address of the same family.
    fileprivate var unspecified: ProxyEndpoint {
        switch self {
        case .ipv4: .ipv4(address: 0, port: 0)
        case .ipv6: .ipv6(high: 0, low: 0, port: 0)
        case .unix: .unix(path: [])
        }
    }
}

extension ProxyTLS {
    /// The common name is what servers look for (PP2_SUBTYPE_SSL_CN). A certificate without one has its whole subject
    /// there: that it was verified must not be lost.
    init(_ tls: ClientTLS) {
        self.init(
            version: tls.version, cipher: tls.cipher,
            commonName: tls.subject.map { DistinguishedName.commonName(of: $0) ?? $0 })
    }
}
