extension SessionLimits {
    /// Beyond a day a timeout is a mistake in the unit; to wait longer is to wait without limit.
    static let timeouts = TimeSpan.milliseconds(1)...TimeSpan.days(1)
    private static let lifetimes = TimeSpan.milliseconds(1)...TimeSpan.days(3650)
    private static let counts = 1...100_000_000

    static func read(_ reader: inout SettingReader) -> SessionLimits {
        var limits = SessionLimits.standard
        limits.readCounts(&reader)
        limits.readSizes(&reader)
        limits.readTimes(&reader)
        return limits
    }

    private mutating func readCounts(_ reader: inout SettingReader) {
        self.connectionsMax = reader.limit(.maxConnections, in: Self.counts) ?? self.connectionsMax
        self.connectionsPerAddressMax =
            reader.limit(.maxConnectionsPerIP, in: Self.counts) ?? self.connectionsPerAddressMax
        self.messageRate = reader.value(.messageRate) ?? self.messageRate
        self.connectRate = reader.value(.connectRate) ?? self.connectRate
    }

    private mutating func readSizes(_ reader: inout SettingReader) {
        let sizes = ByteCount(bytes: 1)...Self.messageSizeCeiling
        self.messageSizeMax = reader.value(.maxMessageSize, in: sizes) ?? self.messageSizeMax
        self.frameSizeMax = reader.value(.maxFrameSize, in: sizes) ?? self.messageSizeMax
        if self.frameSizeMax > self.messageSizeMax {
            // What all routes may is bounded by what this one says.
            if reader.isGivenHere(.maxMessageSize), !reader.isGivenHere(.maxFrameSize) {
                self.frameSizeMax = self.messageSizeMax
            } else {
                reader.report(
                    .maxFrameSize, "is above --max-message-size, which is \(self.messageSizeMax)",
                    remedy: "raise that or lower this")
            }
        }
        // Below a page a session would be paused and resumed for every packet.
        let waiting = ByteCount.kibibytes(4)...Self.messageSizeCeiling
        self.backpressureMax = reader.value(.maxBackpressure, in: waiting) ?? self.backpressureMax
    }

    private mutating func readTimes(_ reader: inout SettingReader) {
        self.idleTimeout = reader.limit(.idleTimeout, in: Self.lifetimes) ?? self.idleTimeout
        self.lifetimeMax = reader.limit(.maxLifetime, in: Self.lifetimes) ?? self.lifetimeMax
        self.closeTimeout = reader.value(.closeTimeout, in: Self.timeouts) ?? self.closeTimeout
        self.pingInterval = reader.limit(.pingInterval, in: Self.timeouts) ?? self.pingInterval
        self.pingTimeout = reader.value(.pingTimeout, in: Self.timeouts) ?? self.pingTimeout
    }
}
