package import ProxyProtocol
package import SystemCalls

extension SocketAddress {
    /// The address that a proxy told.
    package init(_ endpoint: ProxyEndpoint) {
        switch endpoint {
        case .ipv4(let address, let port): self = .ipv4(address: address, port: port)
        case .ipv6(let high, let low, let port): self = .ipv6(high: high, low: low, port: port)
        case .unix(let path): self = .unix(path: String(decoding: path, as: UTF8.self))
        }
    }
}
