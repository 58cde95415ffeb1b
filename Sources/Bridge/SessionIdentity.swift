package import SystemCalls
package import Telemetry

/// Who a session is: the id that its child and the logs know, and where its client is.
package struct SessionIdentity: Sendable {
    package let id: HexID
    package let client: SocketAddress
    /// Monotonic nanoseconds.
    package let startedAt: UInt64

    package init(id: HexID, client: SocketAddress, startedAt: UInt64) {
        self.id = id
        self.client = client
        self.startedAt = startedAt
    }
}
