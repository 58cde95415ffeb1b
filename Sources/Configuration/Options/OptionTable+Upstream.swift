internal import Upstreams

extension OptionTable {
    private static let standard = UpstreamPlan.standard

    static let upstream: [OptionRow] = [
        OptionRow(
            .tcp, .upstream, "HOST:PORT", repeats: true, scope: .handler,
            "Connect each session to this TCP server; with several, to one of them."),
        OptionRow(
            .unix, .upstream, "PATH", repeats: true, scope: .handler,
            "Connect each session to the server at this unix socket; with several, to one of them."),
        OptionRow(
            .tokenMap, .upstream, "FILE|DIR", scope: .handler,
            "Let clients name their server by {token} or ?token=; lines are 'token: host:port'."),
        OptionRow(
            .connectTimeout, .upstream, "TIME", standard: Self.standard.connectTimeout,
            "How long a connection to a server may take; then the client is answered 504."),
        OptionRow(
            .balance, .upstream, Balance.syntax, standard: Self.standard.balance,
            "Which of several servers gets the next session."),
        OptionRow(
            .maxServerConnections, .upstream, "N|unlimited", standard: Self.standard.connectionsMax,
            "Sessions at a time on one server; when all are full clients are answered 503."),
        OptionRow(
            .ejectAfter, .upstream, "N", standard: Self.standard.ejection.failuresMax,
            "Leave one of several servers out after so many failed connections in a row."),
        OptionRow(
            .ejectTime, .upstream, "TIME", standard: Self.standard.ejection.spanFirst,
            "For how long, before one client tries it again; it doubles with each failure."),
        OptionRow(
            .ejectTimeMax, .upstream, "TIME", standard: Self.standard.ejection.spanMax,
            "For how long at most."),
        OptionRow(
            .checkInterval, .upstream, "TIME|unlimited", standard: Self.standard.checkInterval,
            "How often servers are checked by a connection; unlimited means never. With --check-path it is 5s."),
        OptionRow(
            .checkTimeout, .upstream, "TIME", standard: Self.standard.checkTimeout,
            "How long a check may take, with TLS and answer."),
        OptionRow(
            .checkFall, .upstream, "N", standard: Self.standard.checkFall,
            "Failed checks in a row after which a server gets no sessions."),
        OptionRow(
            .checkRise, .upstream, "N", standard: Self.standard.checkRise,
            "Good checks in a row after which it gets them again."),
        OptionRow(
            .checkPath, .upstream, "PATH",
            "Let checks ask for this path by HTTP: GET, over TLS where --upstream-tls or https says so."),
        OptionRow(
            .checkStatus, .upstream, "LIST", standard: HTTPCheckPlan.statusesStandard, repeats: true,
            "What a good server answers to that: 204, 2xx or 200-399."),
        OptionRow(
            .checkHost, .upstream, "NAME", standard: "the server's",
            "The Host that is asked for; a name of --upstream-host holds here too."),
        OptionRow(
            .upstreamKeepalive, .upstream, "TIME|unlimited", standard: Self.standard.keepalive,
            "How long a connection to another machine may be silent before the kernel asks whether it is there."),
        OptionRow(
            .proxyProtocolOut, .upstream, ProxyHeaderVersion.syntax, standard: Self.standard.proxyHeader,
            "Tell the server who the client is by a PROXY header of this version."),
        OptionRow(.upstreamTLS, .upstream, nil, "Speak TLS to the server and verify its certificate."),
        OptionRow(
            .upstreamTLSCA, .upstream, "FILE", standard: "the system's",
            "The authorities (PEM) that the server's certificate must come from."),
        OptionRow(
            .upstreamTLSName, .upstream, "NAME", standard: "the host of --tcp",
            "The name that the server's certificate must have."),
        OptionRow(
            .upstreamTLSCert, .upstream, "FILE", "Show the server this certificate chain (PEM)."),
        OptionRow(
            .upstreamTLSKey, .upstream, "FILE", "The private key (PEM) of that certificate."),
    ]
}
