import SimulatedIO
import Testing

@testable import Bridge

/// What a session that does nothing takes is a promise (docs/performance.md, Memory). malloc(3) hands out 16 bytes at a
/// time, less 8 of its own: these are the most that each may have without the next step.
@Suite struct SessionSizeTests {
    @Test func sessionsAreSmall() {
        #expect(instanceByteCount(of: WebSocketSession.self) <= 168)
        #expect(instanceByteCount(of: ChildPeer.self) <= 88)
        #expect(instanceByteCount(of: PeerOutput.self) <= 56)
    }
}
