extension OptionTable {
    static let serving: [OptionRow] = [
        OptionRow(
            .config, .serving, "FILE", scope: .commandLine,
            "Read listeners, routes and limits from this TOML file; SIGHUP reads it again."),
        OptionRow(
            .listen, .serving, "ADDR:PORT|unix:PATH", standard: ListenAddress.standard, repeats: true,
            "Where to listen: 127.0.0.1:8080, [::1]:8080, 0.0.0.0:80 or unix:/run/app.sock."),
        OptionRow(.port, .serving, "N", "Listen on this port of 127.0.0.1; 0 lets the system choose."),
        OptionRow(.workers, .serving, "N", standard: "the cores it may use", "How many threads serve."),
        OptionRow(
            .console, .serving, ConsoleMode.syntax, standard: ConsoleMode.auto,
            "Serve the built-in test page; auto serves it on loopback listeners alone."),
        OptionRow(
            .drainTimeout, .serving, "TIME", standard: Plan.drainTimeoutStandard,
            "How long a stopping server waits for its sessions."),
        OptionRow(
            .removedRouteTimeout, .serving, "TIME|unlimited", standard: Plan.removedRouteTimeoutStandard,
            "How long sessions go on after a reload removed their route; then they end with 1012."),
        OptionRow(
            .metricsListen, .serving, "ADDR:PORT|unix:PATH",
            "Tell /metrics, /healthz and /readyz at this address; 127.0.0.1:8081 is where status asks."),
    ]

    static let access: [OptionRow] = [
        OptionRow(
            .origin, .access, "same|any|LIST", standard: "same", repeats: true,
            "Origins a browser may connect from: exact ones, comma separated, scheme and port optional."),
        OptionRow(
            .host, .access, "LIST", repeats: true, scope: .server,
            "Names acceptable as Host on a loopback listener, besides localhost and loopback addresses."),
        OptionRow(
            .subprotocol, .access, "LIST", standard: "binary for a server, else none", repeats: true,
            "Subprotocols to agree to; the first of ours that the client offers is chosen."),
        OptionRow(.requireSubprotocol, .access, nil, "Refuse clients that offer none of the subprotocols."),
    ]

    static let logging: [OptionRow] = [
        OptionRow(
            .logLevel, .logging, LogLevel.syntax, standard: LogPlan.standard.level,
            "The least serious lines to log."),
        OptionRow(
            .logFormat, .logging, LogFormat.syntax, standard: LogPlan.standard.format,
            "The form of log lines; auto means text on a terminal and JSON elsewhere."),
    ]
}
