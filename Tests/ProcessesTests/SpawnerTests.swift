import Glibc
import Processes
import ProcessesProbe
import SystemCalls
import Testing

@Suite struct SpawnerTests {
    /// Lets requests pile up: the reply to the first one holds the spawner's thread until `release`.
    private func makeBusySpawner(requestsMax: Int) throws -> (Spawner, release: @Sendable () -> Void) {
        var limits = Spawner.Limits()
        limits.requestsMax = requestsMax
        let spawner = try Spawner(guardian: nil, live: LiveChildren(), limits: limits)
        try spawner.start()
        let gate = Gate()
        spawner.submit(.make(["/does/not/exist"])) { _ in gate.enterAndWait() }
        gate.waitForEntry()
        return (spawner, { gate.open() })
    }

    @Test func aFullQueueRefusesAtOnce() throws {
        let (spawner, release) = try self.makeBusySpawner(requestsMax: 2)
        defer { spawner.stop() }
        let waiting = [AnswerBox(), AnswerBox()]
        for box in waiting { spawner.submit(.make(["/bin/true"])) { box.put($0) } }
        #expect(self.failure(of: .make(["/bin/true"]), on: spawner) == SpawnError(.queueFull(requestsMax: 2)))
        release()
        for box in waiting { #expect(self.failure(in: box) == nil) }
        #expect(self.failure(of: .make(["/bin/true"]), on: spawner) == nil, "there is room again")
    }

    @Test func aCancelledRequestStartsNothing() throws {
        let (spawner, release) = try self.makeBusySpawner(requestsMax: 2)
        defer { spawner.stop() }
        let box = AnswerBox()
        spawner.submit(.make(["/bin/true"])) { box.put($0) }.cancel()
        release()
        #expect(self.failure(in: box) == SpawnError(.cancelled))
    }

    @Test func afterStopNothingStarts() throws {
        let spawner = try Spawner(guardian: nil, live: LiveChildren())
        let early = self.failure(of: .make(["/bin/true"]), on: spawner)
        #expect(early == SpawnError(.stopped), "not started yet")
        try spawner.start()
        spawner.stop()
        spawner.stop()
        #expect(self.failure(of: .make(["/bin/true"]), on: spawner) == SpawnError(.stopped))
    }

    @Test func whatWaitsWhenTheSpawnerStopsIsAnswered() throws {
        let (spawner, release) = try self.makeBusySpawner(requestsMax: 1)
        let box = AnswerBox()
        spawner.submit(.make(["/bin/true"])) { box.put($0) }
        let stopping = try JoinableThread(name: "stopping") { spawner.stop() }
        // the queue is full, so each attempt is answered at once, and from the stop on with another word
        while self.failure(of: .make(["/bin/true"]), on: spawner)?.stage != .stopped {}
        release()
        stopping.join()
        #expect(self.failure(in: box) == SpawnError(.stopped))
    }

    /// Where a program was found is remembered; what is remembered must not keep a program from being found.
    @Test func aProgramThatMovesIsFoundAgain() throws {
        let (first, second) = (try ScratchDirectory(), try ScratchDirectory())
        let old = try first.script("moving", "#!/bin/sh\necho first\n")
        let path = ["PATH=\(first.path):\(second.path):/bin"]
        let spawner = try Spawner(guardian: nil, live: LiveChildren())
        try spawner.start()
        defer { spawner.stop() }
        let output = {
            try ChildRun.finish(try spawner.startAndWait(.make(["moving"], environment: path))).output
        }
        #expect(try output() == "first\n")
        #expect(try output() == "first\n", "from memory")
        unsafe unlink(old)
        _ = try second.script("moving", "#!/bin/sh\necho second\n")
        #expect(try output() == "second\n")
        unsafe unlink(second.path + "/moving")
        #expect(self.failure(of: .make(["moving"], environment: path), on: spawner)?.stage == .search)
        _ = try second.script("other", "#!/bin/sh\necho other\n")
        #expect(try ChildRun.finish(try spawner.startAndWait(.make(["other"], environment: path))).output == "other\n")
    }

    private func failure(of request: SpawnRequest, on spawner: Spawner) -> SpawnError? {
        let box = AnswerBox()
        spawner.submit(request) { box.put($0) }
        return self.failure(in: box)
    }

    /// A child that did start is waited for and reaped.
    private func failure(in box: AnswerBox) -> SpawnError? {
        switch box.take() {
        case .failed(let error): return error
        case .started(let child):
            _ = try? ChildRun.finish(child)
            return nil
        }
    }
}

private final class Gate: Sendable {
    private let entered = Semaphore()
    private let opened = Semaphore()

    func enterAndWait() {
        self.entered.post()
        self.opened.wait()
    }

    func waitForEntry() { self.entered.wait() }
    func open() { self.opened.post() }
}
