extension OptionTable {
    private static let standard = ProxyPlan.standard

    static let forwarding: [OptionRow] = [
        OptionRow(
            .proxy, .forwarding, "URL", repeats: true, scope: .handler,
            "Forward HTTP and WebSockets to this server: http://HOST:PORT, https://HOST or unix:PATH."),
        OptionRow(
            .upstreamHost, .forwarding, "client|server|NAME", standard: "client",
            "The Host that the server is told: the client's own, with its port; the server's; or a name."),
        OptionRow(
            .trustedProxies, .forwarding, "LIST", repeats: true,
            "Networks (10.0.0.0/8, ::1) whose X-Forwarded-* and Forwarded fields are believed."),
        OptionRow(
            .requestHeader, .forwarding, "NAME: VALUE|+NAME: VALUE|-NAME", repeats: true,
            "Set, add or remove a header field on the way to the server."),
        OptionRow(
            .responseHeader, .forwarding, "NAME: VALUE|+NAME: VALUE|-NAME", repeats: true,
            "The same on the way to the client."),
        OptionRow(
            .stripPrefix, .forwarding, "PATH",
            "Take this off the front of paths, and tell it as X-Forwarded-Prefix."),
        OptionRow(
            .rewrite, .forwarding, "FROM=TO", repeats: true,
            "Let paths that begin with FROM begin with TO; the first that fits counts."),
        OptionRow(
            .responseTimeout, .forwarding, "TIME|unlimited", standard: Self.standard.responseTimeout,
            "How long a server may think about a complete request before it is answered 504."),
        OptionRow(
            .stallTimeout, .forwarding, "TIME", standard: Self.standard.stallTimeout,
            "How long either side may take or send nothing of a body that is under way."),
        OptionRow(
            .idleUpstreams, .forwarding, "N", standard: Self.standard.idleStreamsMax,
            "Connections to servers that each worker keeps for the next request; 0 keeps none."),
        OptionRow(
            .idleUpstreamTimeout, .forwarding, "TIME", standard: Self.standard.idleStreamTimeout,
            "How long they are kept: less than the server keeps them."),
        OptionRow(
            .stickyCookie, .forwarding, "NAME",
            "Lead clients back to the same one of several servers by a cookie of this name."),
    ]
}
