package import Buffers
package import IOCore
package import SystemCalls

/// An event loop without a kernel: its clock moves when the test says so, and its luck comes from a seed.
///
/// A turn gives every stream, client and child one step, in an order of the seed's choice, then fires the
/// timers that are due and does what was put off to the end of the turn.
package final class SimulatedLoop: EventLoop {
    package private(set) var now: UInt64 = 1_000_000_000
    package let pool: BlockPool
    package var faults: SimulatedFaults
    /// How much later the next turn is when there is something to do.
    package var turnNanoseconds: UInt64 = 10_000
    package var generator: SeededGenerator
    /// Who can be connected to.
    package let network = SimulatedNetwork()
    private var timers = SimulatedTimers()
    private var participants: [any SimulatedParticipant] = []
    private var endOfTurn: [() -> Void] = []
    private var nextTurn: [() -> Void] = []
    private let scratch = SimulatedWindow(count: ReceiveWindow.headroom + ReceiveWindow.bytesMax)
    private let window = SimulatedWindow(count: ReceiveWindow.headroom + ReceiveWindow.bytesMax)

    package init(_ seed: Seed = Seed(0), faults: SimulatedFaults = .none, poolBytesMax: Int = 64 << 20) {
        self.generator = seed.generator
        self.faults = faults
        self.pool = BlockPool(bytesMax: poolBytesMax, reserve: min(poolBytesMax / 4, 4 << 20))
    }

    /// What becomes of a loop whose worker ends: nobody is called any more.
    package func forgetEverything() {
        self.timers = SimulatedTimers()
        self.participants = []
        self.endOfTurn = []
        self.nextTurn = []
    }

    package var timerCount: Int { self.timers.count }
    package var participantCount: Int { self.participants.count }

    package func withScratch(_ body: (inout MutableSpan<UInt8>) -> Void) {
        self.scratch.lend(body)
    }

    /// The window that input is delivered in.
    func withWindow(_ body: (inout MutableSpan<UInt8>) -> Void) {
        self.window.lend(body)
    }

    package func startTimer(_ client: any TimerClient, at deadline: UInt64) -> TimerID {
        self.timers.start(client, at: deadline)
    }

    package func stopTimer(_ timer: TimerID) { self.timers.stop(timer) }

    package func atEndOfTurn(_ work: @escaping () -> Void) { self.endOfTurn.append(work) }

    package func atNextTurn(_ work: @escaping () -> Void) { self.nextTurn.append(work) }

    /// Nothing here has a descriptor.
    package func makeStream(_ descriptor: consuming Descriptor, kind: StreamKind) throws(Errno)
        -> any ByteStream
    {
        throw .noMemory
    }

    package func connect(
        to address: SocketAddress, _ options: SocketOptions, _ client: any SocketOpeningClient
    ) -> any SocketOpening {
        SimulatedOpening(address, client, self)
    }

    package func watch(_ descriptor: borrowing Descriptor, _ handler: ReadinessHandler) throws(Errno) {
        throw .noMemory
    }

    package func endWatch(_ descriptor: consuming Descriptor) {}
}

// MARK: - Turns

extension SimulatedLoop {
    package func add(_ participant: any SimulatedParticipant) { self.participants.append(participant) }

    package func remove(_ participant: any SimulatedParticipant) {
        self.participants.removeAll { $0 === participant }
    }

    /// One turn; false when nothing happened and nothing will before the clock moves on.
    @discardableResult
    package func turn() -> Bool {
        self.now += self.turnNanoseconds
        self.endOfTurn += self.nextTurn
        self.nextTurn = []
        var isBusy = false
        for participant in self.participants.shuffled(using: &self.generator) where participant.turn() {
            isBusy = true
        }
        while let client = self.timers.popDue(now: self.now) {
            client.timerFired()
            isBusy = true
        }
        while !self.endOfTurn.isEmpty {
            isBusy = true
            let work = self.endOfTurn
            self.endOfTurn = []
            for task in work { task() }
        }
        return isBusy
    }

    /// Turns until nobody has anything to do: false when that takes more than `turnsMax`.
    @discardableResult
    package func settle(turnsMax: Int = 200_000) -> Bool {
        for _ in 0..<turnsMax where !self.turn() { return true }
        return false
    }

    /// Lets `nanoseconds` pass, everything due in between done in its time.
    package func advance(by nanoseconds: UInt64) {
        self.run(for: nanoseconds, until: { false })
    }

    /// Turns until `condition` holds: false when it does not within `nanoseconds`.
    @discardableResult
    package func run(for nanoseconds: UInt64 = 60_000_000_000, until condition: () -> Bool) -> Bool {
        let end = self.now + nanoseconds
        while !condition() {
            guard self.now < end else { return false }
            if !self.turn() { self.now = max(self.now, min(end, self.nextDeadline ?? end)) }
        }
        return true
    }

    private var nextDeadline: UInt64? {
        (self.participants.compactMap(\.deadline) + [self.timers.next].compactMap { $0 }).min()
    }
}
