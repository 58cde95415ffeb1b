internal import ArgumentParser
internal import Configuration

/// What lies between sockets and HTTP.
struct TransportOptions: ParsableArguments {
    @Option(.tlsCert) var tlsCert: [String] = []
    @Option(.tlsKey) var tlsKey: [String] = []
    @Option(.tls) var tls: [String] = []
    @Option(.tlsMinVersion) var tlsMinVersion: [String] = []
    @Option(.tlsCiphers) var tlsCiphers: [String] = []
    @Option(.tlsClientCA) var tlsClientCA: [String] = []
    @Option(.tlsClientAuth) var tlsClientAuth: [String] = []
    @Option(.tlsRedirect) var tlsRedirect: [String] = []
    @Option(.proxyProtocol) var proxyProtocol: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.tlsCert, self.tlsCert),
            .given(.tlsKey, self.tlsKey),
            .given(.tls, self.tls),
            .given(.tlsMinVersion, self.tlsMinVersion),
            .given(.tlsCiphers, self.tlsCiphers),
            .given(.tlsClientCA, self.tlsClientCA),
            .given(.tlsClientAuth, self.tlsClientAuth),
            .given(.tlsRedirect, self.tlsRedirect),
            .given(.proxyProtocol, self.proxyProtocol),
        ]
        return given.flatMap(\.self)
    }
}
