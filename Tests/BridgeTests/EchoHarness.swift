@testable import Bridge
import Buffers
import IOCore
import SimulatedIO
import SystemCalls
import Telemetry

/// One session that echoes, over a simulated connection.
final class EchoHarness {
    let loop: SimulatedLoop
    let client: WebSocketClient
    let log = RecordingLog()
    weak var session: WebSocketSession?

    init(
        _ seed: Seed = Seed(0), faults: SimulatedFaults = .none, options: SessionOptions = SessionOptions(),
        capacity: Int = SimulatedPipe.capacityStandard, poolBytesMax: Int = 64 << 20
    ) {
        self.loop = SimulatedLoop(seed, faults: faults, poolBytesMax: poolBytesMax)
        self.client = WebSocketClient(self.loop, capacity: capacity)
        let session = self.client.session(with: EchoPeer(), options.settings(self.log, self.loop))
        session.reportStart()
        self.session = session
    }

    /// What is left once everything is over: nothing, and one line in the log.
    var remains: [String] {
        var remains = self.loop.remains(self.log)
        if self.session != nil { remains.append("the session") }
        if self.client.transport.stream.isOpen { remains.append("the stream") }
        return remains
    }
}

extension SessionIdentity {
    static func test(_ loop: any EventLoop) -> SessionIdentity {
        SessionIdentity(
            id: HexID(high: 1, low: 2), client: .ipv4(address: 0x7F00_0001, port: 50_000), startedAt: loop.now
        )
    }
}

extension SimulatedLoop {
    func remains(_ log: RecordingLog) -> [String] {
        var remains: [String] = []
        if self.timerCount > 0 { remains.append("\(self.timerCount) timers") }
        if self.pool.bytesLent > 0 { remains.append("\(self.pool.bytesLent) bytes of the pool") }
        if log.count(of: "session closed") != 1 {
            remains.append("\(log.count(of: "session closed")) closing lines")
        }
        if log.sessionsEnded != 1 { remains.append("\(log.sessionsEnded) ends") }
        return remains
    }
}
