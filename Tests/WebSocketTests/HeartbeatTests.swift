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

    /// A patience longer than the interval: several pings are under way.
    static let patientRows = [
        Row("a ping every interval", .tick(110, .sendPing), .deadline(120), .tick(119, .none),
            .tick(120, .sendAnotherPing), .deadline(130), .tick(130, .sendAnotherPing), .tick(140, .sendAnotherPing)),
        Row("the first ping counts", .tick(110, .sendPing), .tick(120, .sendAnotherPing), .tick(130, .sendAnotherPing),
            .tick(140, .sendAnotherPing), .deadline(145), .tick(144, .none), .tick(145, .suspect)),
        Row("an answer to each", .tick(110, .sendPing), .hear(111), .deadline(120), .tick(120, .sendPing), .hear(121),
            .tick(130, .sendPing), .deadline(140)),
        Row("a late answer starts over", .tick(110, .sendPing), .tick(120, .sendAnotherPing), .hear(128),
            .deadline(130), .tick(130, .sendPing), .tick(140, .sendAnotherPing), .tick(150, .sendAnotherPing),
            .tick(160, .sendAnotherPing), .tick(164, .none), .tick(165, .suspect)),
        Row("late ticks are not made up for", .tick(110, .sendPing), .tick(137, .sendAnotherPing), .deadline(140)),
        Row("excused", .tick(110, .sendPing), .tick(145, .suspect), .excuse(145), .deadline(155),
            .tick(155, .sendAnotherPing), .tick(180, .suspect)),
    ]

    @Test(arguments: rows) func everyTransition(_ row: Row) { Self.follow(row, Self.timing) }

    @Test(arguments: patientRows) func pingsGoOutWhileOthersAreUnderWay(_ row: Row) {
        Self.follow(row, Heartbeat.Timing(interval: 10, patience: 35))
    }

    private static func follow(_ row: Row, _ timing: Heartbeat.Timing) {
        var heartbeat = Heartbeat(now: 100)
        for (index, step) in row.steps.enumerated() {
            switch step {
            case .hear: heartbeat.hear()
            case .excuse(let now): heartbeat.excuse(now: now)
            case .tick(let now, let action): #expect(heartbeat.tick(now: now, timing) == action, "step \(index)")
            case .deadline(let at): #expect(heartbeat.deadline(timing) == at, "step \(index)")
            }
        }
    }

    /// Whoever has had so many pings without a word gets no more, and is found all the same.
    @Test func pingsUnderWayAreBounded() {
        var heartbeat = Heartbeat(now: 0)
        let timing = Heartbeat.Timing(interval: 1, patience: 100_000)
        var pings = 0
        for now in 1...100_000 as ClosedRange<UInt64> {
            switch heartbeat.tick(now: now, timing) {
            case .sendPing, .sendAnotherPing: pings += 1
            case .none, .suspect: break
            }
        }
        #expect(pings == 65_535)
        #expect(heartbeat.deadline(timing) == 100_001 && heartbeat.tick(now: 100_001, timing) == .suspect)
        heartbeat.hear()
        #expect(heartbeat.tick(now: 100_001, timing) == .sendPing)
    }

    /// It is a part of every idle session.
    @Test func itTakesTwelveBytes() {
        #expect(MemoryLayout<Heartbeat>.size <= 12)
    }

    @Test func anIntervalBeyondTheClockNeverEnds() {
        var heartbeat = Heartbeat(now: 100)
        let timing = Heartbeat.Timing(interval: .max, patience: .max)
        #expect(heartbeat.deadline(timing) == .max)
        #expect(heartbeat.tick(now: 1 << 62, timing) == .none)
    }
}
