extension OptionTable {
    private static let standard = SessionLimits.standard

    static let limits: [OptionRow] = [
        OptionRow(
            .maxConnections, .limits, "N|unlimited", standard: Self.standard.connectionsMax,
            "Sessions at a time; more are answered 503."),
        OptionRow(
            .maxConnectionsPerIP, .limits, "N|unlimited", standard: Self.standard.connectionsPerAddressMax,
            "Sessions at a time from one address; more are answered 429."),
        OptionRow(
            .maxMessageSize, .limits, "SIZE", standard: Self.standard.messageSizeMax,
            "The longest message a client may send; a longer one closes with 1009."),
        OptionRow(
            .maxFrameSize, .limits, "SIZE", standard: "the size of a message",
            "The longest frame a client may send; a longer one closes with 1009."),
        OptionRow(
            .maxBackpressure, .limits, "SIZE", standard: Self.standard.backpressureMax,
            "How much may wait for a slow side before the other is paused."),
        OptionRow(
            .idleTimeout, .limits, "TIME|unlimited", standard: Self.standard.idleTimeout,
            "End a session in which no message has moved for so long."),
        OptionRow(
            .maxLifetime, .limits, "TIME|unlimited", standard: Self.standard.lifetimeMax,
            "End a session after so long, whatever it does."),
        OptionRow(
            .handshakeTimeout, .limits, "TIME", standard: ConnectionPlan.standard.handshakeTimeout, scope: .server,
            "How long a client may take until its request is complete."),
        OptionRow(
            .closeTimeout, .limits, "TIME", standard: Self.standard.closeTimeout,
            "How long a client may take to answer a close."),
        OptionRow(
            .pingInterval, .limits, "TIME|unlimited", standard: Self.standard.pingInterval,
            "How often a quiet client is pinged; unlimited means never."),
        OptionRow(
            .pingTimeout, .limits, "TIME", standard: Self.standard.pingTimeout,
            "How long a client may take to answer a ping before it counts as dead."),
        OptionRow(
            .messageRate, .limits, "RATE|unlimited", standard: Self.standard.messageRate,
            "How many messages a session may send, like 100/s."),
        OptionRow(
            .connectRate, .limits, "RATE|unlimited", standard: Self.standard.connectRate,
            "How many sessions one address may open, like 10/s."),
    ]
}
