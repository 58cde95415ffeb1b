import Testing

@testable import Upstreams

@Suite struct HealthTests {
    private static let second: UInt64 = 1_000_000_000

    private var settings: EjectionSettings {
        var settings = EjectionSettings()
        settings.failuresMax = 3
        settings.spanFirst = 10 * Self.second
        settings.spanMax = 35 * Self.second
        return settings
    }

    @Test func failuresInARowEject() {
        var health = ServerHealth.new
        #expect(health.failed(isTrial: false, now: 0, self.settings) == nil)
        #expect(health.failed(isTrial: false, now: 0, self.settings) == nil)
        #expect(health.succeeded() == nil)
        for _ in 0..<2 { #expect(health.failed(isTrial: false, now: 0, self.settings) == nil) }
        #expect(health.admits(now: 0))
        #expect(health.failed(isTrial: false, now: 5, self.settings) == .ejected(for: 10 * Self.second))
        #expect(!health.admits(now: 10 * Self.second))
        #expect(health.admits(now: 10 * Self.second + 5))
        #expect(health.failed(isTrial: false, now: 9, self.settings) == nil, "it began before the others had failed")
        #expect(health == .out(until: 10 * Self.second + 5, span: 10 * Self.second))
    }

    @Test func trialsDoubleTheTimeUpToABound() {
        var health = ServerHealth.out(until: 0, span: 10 * Self.second)
        var spans: [UInt64] = []
        var now: UInt64 = 0
        for _ in 0..<4 {
            let trial = health.begin(now: now)
            let other = health.begin(now: now)
            #expect(trial)
            #expect(!other, "one trial at a time")
            #expect(!health.admits(now: now))
            #expect(health.failed(isTrial: false, now: now, self.settings) == nil, "not the trial's")
            guard case .ejected(let span) = health.failed(isTrial: true, now: now, self.settings) else {
                Issue.record("not ejected")
                return
            }
            spans.append(span / Self.second)
            now += span
        }
        #expect(spans == [20, 35, 35, 35])
        let trial = health.begin(now: now)
        #expect(trial)
        #expect(health.succeeded() == .returned)
        #expect(health == .new)
    }

    @Test func aTrialThatIsCalledOffIsForTheNext() {
        var health = ServerHealth.out(until: 3, span: 10)
        #expect(health.begin(now: 4) == true)
        health.calledOff(isTrial: false, now: 5)
        #expect(!health.admits(now: 5))
        health.calledOff(isTrial: true, now: 5)
        #expect(health == .out(until: 5, span: 10))
        #expect(health.begin(now: 5) == true)
    }

    @Test func endlessSpansDoNotOverflow() {
        var endless = EjectionSettings()
        endless.spanMax = .max
        var health = ServerHealth.trial(span: .max - 1)
        #expect(health.failed(isTrial: true, now: 9, endless) == .ejected(for: .max))
    }

    @Test(arguments: [
        ("+", "up"), ("-", "up"), ("--+--", "up"), ("---", "fell"), ("---+", "down"), ("---+-+", "down"),
        ("---++", "rose"), ("---++--", "up"),
    ])
    func checksRiseAndFall(_ checks: String, _ expected: String) {
        var settings = CheckSettings()
        settings.rise = 2
        settings.fall = 3
        var state = CheckState.new
        var last: CheckState.Change?
        for check in checks { last = state.note(isAlive: check == "+", settings) }
        let words =
            switch last {
            case .rose: "rose"
            case .fell: "fell"
            case nil: state.isUp ? "up" : "down"
            }
        #expect(words == expected)
    }
}
