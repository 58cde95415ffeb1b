import Glibc
package import Processes
import SystemCalls

struct Probe {
    let guardian: Guardian?
    let live = LiveChildren()
    let spawner: Spawner

    init(guarded: Bool) throws {
        self.guardian = guarded ? try Guardian(over: self.live.marks) : nil
        self.spawner = try Spawner(guardian: self.guardian, live: self.live)
        try self.spawner.start()
    }

    /// Runs the script with our stderr, then waits to be killed.
    func hold(_ script: String) throws {
        let child = try self.spawn(["/bin/sh", "-c", script])
        while true {
            pause()
            print("a signal, and \(child.pid) lives on")
        }
    }

    /// The guardian that dies first knows of one session; its successor has to know of both.
    func holdAfterLosingTheGuardian(_ script: String) throws {
        let first = try self.spawn(["/bin/sh", "-c", script])
        if let lost = self.guardian?.pid {
            try lost.send(.kill)
            while ProcessTable.entry(of: lost.rawValue).map({ !$0.isZombie }) ?? false { sched_yield() }
        }
        try self.hold(script)
        print("\(first.pid) was held as well")
    }

    /// Runs the script, and when its child ends, buries the session; exits when nothing is left of it.
    func bury(_ script: String) throws {
        var undertaker = try self.makeUndertaker()
        try self.runToBurial(script, &undertaker)
    }

    func buryBesideALivingSession(_ script: String) throws {
        var undertaker = try self.makeUndertaker()
        let beside = try self.spawn(["/bin/sh", "-c", "setsid sh -c 'echo; kill -STOP $$' & read line"])
        Self.wait(for: beside.stdout, milliseconds: -1)  // both stand
        try self.runToBurial(script, &undertaker)
        let isZombie = ProcessTable.entry(of: beside.pid.rawValue)?.isZombie ?? true
        print("beside: \(isZombie ? "dead" : "alive")")
        print("its own: \(try ProcessTable.all().filter { ProcessTable.mark(of: $0.pid) == beside.mark }.count)")
    }

    private func makeUndertaker() throws -> Undertaker {
        var patience = GroupSweeper.Patience()
        patience.graceNanoseconds = 200_000_000
        return try Undertaker(live: self.live, guardian: self.guardian, patience: patience)
    }

    private func runToBurial(_ script: String, _ undertaker: inout Undertaker) throws {
        let child = try self.spawn(["/bin/sh", "-c", script])
        Self.wait(for: child.pidfd, milliseconds: -1)
        guard let status = try ChildEnd.collect(child.pid, child.pidfd) else {
            fatalError("readable, yet running")
        }
        print("child: \(status)")
        undertaker.bury(child.pid, child.mark, now: Self.now())
        while let look = try undertaker.tend(now: Self.now()) {
            let now = Self.now()
            poll(nil, 0, look > now ? CInt((look - now) / 1_000_000 + 1) : 0)
        }
        print("buried: \(undertaker.isEmpty)")
    }

    // MARK: - Means

    func spawn(_ words: [String], as credentials: Credentials? = nil) throws(SpawnError) -> SpawnedChild {
        var environment = CStringArray(["PATH=/usr/local/bin:/usr/bin:/bin"])
        environment.append("LANG=C")
        var random = SystemRandomNumberGenerator()
        var settings = ChildSettings()
        settings.credentials = credentials
        let request = SpawnRequest(
            id: UniqueID(high: random.next(), low: random.next()), program: words[0],
            arguments: CStringArray(words), environment: environment,
            channel: .pipes(errors: .inherit, pipeBytes: nil), settings: settings)
        return try self.spawner.startAndWait(request)
    }

    static func wait(for descriptor: borrowing Descriptor, milliseconds: CInt) {
        var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&entry, 1, milliseconds) < 0 && errno == EINTR {}
    }

    static func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Spawner {
    /// Submits and blocks until the answer is there.
    package func startAndWait(_ request: SpawnRequest) throws(SpawnError) -> SpawnedChild {
        let box = AnswerBox()
        self.submit(request) { box.put($0) }
        switch box.take() {
        case .started(let child): return child
        case .failed(let error): throw error
        }
    }
}

/// Carries the one answer from the spawner's thread to the caller's.
package final class AnswerBox: Sendable {
    package init() {}

    private let answer = Lock<SpawnReply?>(nil)
    private let arrival = Semaphore()

    package func put(_ reply: consuming SpawnReply) {
        var reply = Optional(reply)
        self.answer.withLock { $0 = reply.take() }
        self.arrival.post()
    }

    package func take() -> SpawnReply {
        self.arrival.wait()
        guard let answer = self.answer.withLock({ $0.take() }) else {
            fatalError("an arrival brings an answer")
        }
        return answer
    }
}
