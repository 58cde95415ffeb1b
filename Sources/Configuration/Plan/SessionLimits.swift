/// The limits of a route, with their defaults and the reasons for these.
package struct SessionLimits: Sendable, Equatable {
    /// 10 000: more needs more descriptors than most systems grant, and somebody should have thought about
    /// it.
    package var connectionsMax = Limit<Int>.at(10_000)
    /// None: behind a proxy or a carrier's NAT thousands share one address, and refusing them looks like an
    /// outage.
    package var connectionsPerAddressMax = Limit<Int>.unlimited
    /// 1 MiB inclusive, as in Python's websockets: the most one client can make us hold for one message.
    package var messageSizeMax = ByteCount.mebibytes(1)
    /// A frame may be a whole message.
    package var frameSizeMax = ByteCount.mebibytes(1)
    /// 256 KiB wait for a slow client before its source is paused: a window's worth, so one read always fits.
    package var backpressureMax = ByteCount.kibibytes(256)
    /// None: quiet sessions are what WebSockets are for, and the ping finds the dead ones.
    package var idleTimeout = Limit<TimeSpan>.unlimited
    /// None: a server has no reason of its own to end a session.
    package var lifetimeMax = Limit<TimeSpan>.unlimited
    /// 5 s for the other side's half of the closing handshake.
    package var closeTimeout = TimeSpan.seconds(5)
    /// 30 s keeps mappings alive in every NAT and proxy whose default is known (60 s in most).
    package var pingInterval = Limit<TimeSpan>.at(.seconds(30))
    /// 10 s without an answer is dead, even by mobile network.
    package var pingTimeout = TimeSpan.seconds(10)
    /// None: the program's own speed is the limit, by backpressure.
    package var messageRate = Limit<Rate>.unlimited
    /// None, for the reason of `connectionsPerAddressMax`.
    package var connectRate = Limit<Rate>.unlimited

    package static let standard = SessionLimits()
    /// The largest message that may be allowed: frames and records count in 32 bits, and one is held in
    /// memory.
    package static let messageSizeCeiling = ByteCount.gibibytes(1)

    /// At this many waiting bytes the source is paused.
    package var backpressureBytesHigh: Int { self.backpressureMax.bytes }
    /// At this many it goes on: a quarter, so that it is not woken for every packet.
    package var backpressureBytesLow: Int { self.backpressureMax.bytes / 4 }
}
