import SimulatedIO
import Testing

@testable import Processes

@Suite struct ProcessSizeTests {
    /// As for sessions: one step of malloc(3).
    @Test func aProcessIsSmall() {
        #expect(instanceByteCount(of: LaunchedProcess.self) <= 104)
    }
}
