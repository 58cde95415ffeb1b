@testable import Server
import SimulatedIO
import Telemetry
import Testing

@Suite struct WorkerCensusTests {
    @Test func allAnswersMakeACount() throws {
        let workers = FakeWorkers(3)
        workers.ask()
        workers.loop.settle()
        let count = try #require(workers.counts.first)
        #expect(count.silentWorkers == [] && count.isAccepting)
        #expect(count.workers.map { $0.tally?.connectionsOpen } == [1, 1, 1])
        #expect(count.logLinesDropped == 7)
        #expect(workers.loop.timerCount == 0)
    }

    @Test func aStuckWorkerIsNotWaitedForLongerThanThePatience() throws {
        let workers = FakeWorkers(3)
        workers.stuck = [1]
        let start = workers.loop.now
        workers.ask()
        workers.loop.run(until: { !workers.counts.isEmpty })
        #expect(workers.loop.now - start <= RollCall<WorkerTally>.patience + 10_000_000)
        #expect(try #require(workers.counts.first).silentWorkers == [1])
        // It said nothing yet, and is asked no second time.
        #expect(workers.counts[0].workers[1].tally == nil)
        workers.ask()
        workers.loop.run(until: { workers.counts.count == 2 })
        #expect(workers.questions == [2, 1, 2])
    }

    @Test func aWorkerThatComesRoundIsUpAgain() {
        let workers = FakeWorkers(2)
        workers.ask()
        workers.loop.settle()
        workers.stuck = [0]
        workers.ask()
        workers.loop.run(until: { workers.counts.count == 2 })
        #expect(workers.counts[1].silentWorkers == [0])
        #expect(workers.counts[1].workers[0].tally?.connectionsOpen == 1)
        workers.stuck = []
        workers.answerOwed()
        workers.ask()
        workers.loop.settle()
        #expect(workers.counts[2].silentWorkers == [])
        #expect(workers.counts[2].workers[0].tally?.connectionsOpen == 3)
    }

    /// Who comes while a round is under way gets numbers that were taken after they came, all of them from one round.
    @Test func manyWhoAskShareTheNextRound() {
        let workers = FakeWorkers(2)
        for _ in 0..<10 { workers.ask() }
        workers.loop.settle()
        #expect(workers.counts.count == 10)
        #expect(workers.questions == [2, 2])
        #expect(workers.counts.map { $0.workers[0].tally?.connectionsOpen } == [1] + Array(repeating: 2, count: 9))
        #expect(workers.loop.timerCount == 0)
    }

    /// Whoever is served may ask again at once.
    @Test func askingFromWithinAnAnswerIsServed() {
        let workers = FakeWorkers(1)
        var again = 0
        for _ in 0..<3 {
            workers.census.count { _ in
                again += 1
                workers.ask()
                workers.ask()
            }
        }
        workers.loop.settle()
        #expect(again == 3 && workers.counts.count == 6)
    }

    @Test func readinessIsPartOfTheCount() {
        let workers = FakeWorkers(1)
        workers.census.isAccepting = false
        workers.ask()
        workers.loop.settle()
        #expect(workers.counts.map(\.isAccepting) == [false])
    }
}

/// Workers without threads: each answers in a later turn, with the number of questions that it has heard.
private final class FakeWorkers {
    let loop = SimulatedLoop()
    private(set) lazy var census = WorkerCensus(
        loop: self.loop, workers: self.questions.count, startedAt: 0,
        ask: { [unowned self] worker in self.hear(worker) },
        complete: { $0.logLinesDropped = 7 })
    var stuck: Set<Int> = []
    private(set) var questions: [Int]
    private(set) var counts: [ServerCount] = []
    private var owed: [Int] = []

    init(_ workers: Int) { self.questions = Array(repeating: 0, count: workers) }

    func ask() {
        self.census.count { self.counts.append($0) }
    }

    func answerOwed() {
        let owed = self.owed
        self.owed = []
        for worker in owed { self.answer(worker) }
    }

    private func hear(_ worker: Int) {
        self.questions[worker] += 1
        self.owed.append(worker)
        guard !self.stuck.contains(worker) else { return }
        self.loop.atEndOfTurn {
            self.owed.removeAll { $0 == worker }
            self.answer(worker)
        }
    }

    private func answer(_ worker: Int) {
        var tally = WorkerTally()
        tally.connectionsOpen = self.questions[worker]
        self.census.take(tally, of: worker)
    }
}
