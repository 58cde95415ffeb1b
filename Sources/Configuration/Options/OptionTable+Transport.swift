extension OptionTable {
    static let transport: [OptionRow] = [
        OptionRow(
            .tlsCert, .transport, "FILE", repeats: true,
            "Serve https and wss with this certificate chain (PEM); the first is the default, others by name."),
        OptionRow(
            .tlsKey, .transport, "FILE", repeats: true,
            "The private key (PEM) of the certificate in the same place of the order."),
        OptionRow(
            .tls, .transport, TLSMode.syntax,
            "Make a certificate at start, for development; its fingerprint is printed."),
        OptionRow(
            .tlsMinVersion, .transport, TLSVersionName.syntax, standard: TLSVersionName.standard,
            "The lowest version of TLS to speak."),
        OptionRow(
            .tlsCiphers, .transport, "LIST",
            "Ciphers of TLS 1.2 and suites of 1.3 as OpenSSL names them, colons between; else a modern choice."),
        OptionRow(
            .tlsClientCA, .transport, "FILE",
            "The authorities (PEM) that certificates of clients must come from."),
        OptionRow(
            .tlsClientAuth, .transport, ClientAuth.syntax,
            "Whether clients must show a good certificate; required where --tls-client-ca is given."),
        OptionRow(
            .tlsRedirect, .transport, "ADDR:PORT|unix:PATH", repeats: true,
            "Listen here too, without TLS, and send everybody to https."),
        OptionRow(
            .proxyProtocol, .transport, ProxyHeaderMode.syntax, standard: ProxyHeaderMode.off,
            "Demand a PROXY header (version 1 or 2) of a load balancer; it names the client."),
    ]
}
