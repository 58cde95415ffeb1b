import Testing
import WebSocket

@Suite struct HeartbeatTests {
    private static let timing = Heartbeat.Timing(interval: 30, patience: 10)

    enum Step: Sendable {
        /// The time says when it is, for the reader.
        case hear(UInt64)
        case excuse(UInt64)
        case tick(UInt64, Heartbeat.Action)
        case deadline(UInt64)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]

        init(_ name: String, _ steps: Step...) {
            self.testDescription = name
            self.steps = steps
        }
    }

    static let rows = [
        Row("nothing is due before the interval", .deadline(130), .tick(100, .none), .tick(129, .none)),
        Row("a ping at the interval", .tick(130, .sendPing), .deadline(140), .tick(139, .none)),
        Row("no answer", .tick(130, .sendPing), .tick(140, .suspect), .tick(141, .suspect)),
        Row("an answer", .tick(130, .sendPing), .hear(135), .tick(140, .none), .deadline(160), .tick(160, .sendPing)),
        Row("an answer within the same tick", .tick(130, .sendPing), .hear(130), .tick(140, .none)),
        Row("what came before the ping is no answer", .hear(129), .tick(130, .sendPing), .tick(140, .suspect)),
        Row("talk does not put off pings", .hear(120), .deadline(130), .tick(130, .sendPing)),
        Row("a late tick", .tick(500, .sendPing), .deadline(510)),
        Row("an answer, then a late tick", .tick(130, .sendPing), .hear(131), .tick(500, .sendPing), .deadline(510)),
        Row("excused", .tick(130, .sendPing), .tick(140, .suspect), .excuse(140), .deadline(150), .tick(149, .none),
            .tick(150, .suspect)),
        Row("excused, then an answer", .tick(130, .sendPing), .excuse(140), .hear(145), .tick(150, .none),
            .deadline(170)),
        Row("excused, and heard only before", .tick(130, .sendPing), .hear(139), .excuse(140), .tick(150, .suspect)),
    ]

    @Test(arguments: rows) func everyTransition(_ row: Row) {
        var heartbeat = Heartbeat(now: 100)
        for (index, step) in row.steps.enumerated() {
            switch step {
            case .hear: heartbeat.hear()
            case .excuse(let now): heartbeat.excuse(now: now)
            case .tick(let now, let action): #expect(heartbeat.tick(now: now, Self.timing) == action, "step \(index)")
            case .deadline(let at): #expect(heartbeat.deadline(Self.timing) == at, "step \(index)")
            }
        }
    }

    @Test func anIntervalBeyondTheClockNeverEnds() {
        var heartbeat = Heartbeat(now: 100)
        let timing = Heartbeat.Timing(interval: .max, patience: .max)
        #expect(heartbeat.deadline(timing) == .max)
        #expect(heartbeat.tick(now: 1 << 62, timing) == .none)
    }
}
