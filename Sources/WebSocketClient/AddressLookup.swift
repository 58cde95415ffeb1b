package import Configuration
package import SystemCalls

/// The addresses of a URL's host, in the order in which they are to be tried.
package enum AddressLookup {
    /// More addresses than this would take more time than anybody waits.
    private static let addressesMax = 8

    /// Waits for name servers.
    package static func addresses(of url: WebSocketURL) throws(ClientFailure) -> [SocketAddress] {
        if let address = SocketAddress(numericHost: url.host, port: url.port) { return [address] }
        do throws(NameResolutionFailure) {
            let found = try NameResolution.addresses(of: url.host, addressesMax: Self.addressesMax)
            return found.map { $0.withPort(url.port) }
        } catch {
            throw .unknownHost(url.host, reason: error.description)
        }
    }
}
