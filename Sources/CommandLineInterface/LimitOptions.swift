internal import ArgumentParser
internal import Configuration

/// The limits of a session.
struct LimitOptions: ParsableArguments {
    @Option(.maxConnections) var maxConnections: [String] = []
    @Option(.maxConnectionsPerIP) var maxConnectionsPerIP: [String] = []
    @Option(.maxMessageSize) var maxMessageSize: [String] = []
    @Option(.maxFrameSize) var maxFrameSize: [String] = []
    @Option(.maxBackpressure) var maxBackpressure: [String] = []
    @Option(.idleTimeout) var idleTimeout: [String] = []
    @Option(.maxLifetime) var maxLifetime: [String] = []
    @Option(.handshakeTimeout) var handshakeTimeout: [String] = []
    @Option(.closeTimeout) var closeTimeout: [String] = []
    @Option(.pingInterval) var pingInterval: [String] = []
    @Option(.pingTimeout) var pingTimeout: [String] = []
    @Option(.messageRate) var messageRate: [String] = []
    @Option(.connectRate) var connectRate: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.maxConnections, self.maxConnections),
            .given(.maxConnectionsPerIP, self.maxConnectionsPerIP),
            .given(.maxMessageSize, self.maxMessageSize),
            .given(.maxFrameSize, self.maxFrameSize),
            .given(.maxBackpressure, self.maxBackpressure),
            .given(.idleTimeout, self.idleTimeout),
            .given(.maxLifetime, self.maxLifetime),
            .given(.handshakeTimeout, self.handshakeTimeout),
            .given(.closeTimeout, self.closeTimeout),
            .given(.pingInterval, self.pingInterval),
            .given(.pingTimeout, self.pingTimeout),
            .given(.messageRate, self.messageRate),
            .given(.connectRate, self.connectRate),
        ]
        return given.flatMap(\.self)
    }
}
