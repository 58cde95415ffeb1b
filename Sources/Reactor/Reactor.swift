package import Buffers
package import IOCore
package import SystemCalls

/// One thread's event loop: level-triggered epoll(7), timers, the receive window, and the streams over them.
///
/// A turn takes one batch of events, fires the timers that are due and then does what was put off to its end.
/// Every object here belongs to the thread that runs `run`; only `Mailbox` is for others.
package final class Reactor: EventLoop {
    package private(set) var now: UInt64
    package let pool: BlockPool
    let epoll: Epoll
    private var registry = Registry()
    private var timers: TimerWheel
    private let window: Window
    private let scratch: Window
    private var endOfTurn: [() -> Void] = []
    private var nextTurn: [() -> Void] = []
    /// Streams that are ready but must not be read while the pool is low.
    private var parked = ParkedStreams()
    private var isStopping = false
    private let gauge: LoadGauge
    /// For how many milliseconds events are gathered, once there is one, before a turn handles all of them; 0: not at
    /// all. For loops that have time: each wake-up costs others the processor and its caches.
    package var gatheringMilliseconds: UInt32 = 0

    package init(pool: BlockPool, gauge: LoadGauge = LoadGauge()) throws(Errno) {
        self.gauge = gauge
        self.epoll = try Epoll()
        self.pool = pool
        self.now = Clock.monotonic
        self.timers = TimerWheel(now: self.now)
        let bytes = ReceiveWindow.headroom + ReceiveWindow.bytesMax
        self.window = Window(count: bytes)
        self.scratch = Window(count: bytes)
    }

    /// Runs turns until `stop`.
    package func run() {
        while !self.isStopping { self.turn() }
    }

    /// Ends `run` after the turn under way.
    package func stop() { self.isStopping = true }

    /// Closes every stream, watch and listener that is left, and forgets every timer; after `run`. They hold the loop
    /// and their owners, who hold them: without this nothing of a worker is ever freed, and no leak stands out.
    package func close() {
        for handler in self.registry.all { handler.close() }
        precondition(self.registry.count == 0, "a handler that is closed is not registered any more")
        self.parked = ParkedStreams()
        self.timers = TimerWheel(now: self.now)
        self.endOfTurn = []
        self.nextTurn = []
    }

    private func turn() {
        let count = self.epoll.wait(milliseconds: self.patience)
        let gathers = count > 0 && self.gatheringMilliseconds > 0
        if gathers { Clock.pause(milliseconds: self.gatheringMilliseconds) }
        self.now = Clock.monotonic
        // What is put off from here on is for the turn after this one.
        if !self.nextTurn.isEmpty {
            self.endOfTurn += self.nextTurn
            self.nextTurn = []
        }
        self.handle(count)
        if gathers { self.handle(self.epoll.wait(milliseconds: 0)) }
        while let client = self.timers.popDue(now: self.now) { client.timerFired() }
        self.finishTurn()
    }

    /// Hands out the events of the batch that was just taken.
    private func handle(_ count: Int) {
        for index in 0..<count {
            let (id, readiness) = self.epoll.event(index)
            self.registry.handler(of: id)?.ready(readiness, on: id.descriptor)
        }
    }

    /// How long the kernel may wait for the first event.
    private var patience: CInt {
        if !self.endOfTurn.isEmpty || !self.nextTurn.isEmpty { return 0 }
        let bound = self.parked.isEmpty ? nil : ParkedStreams.checkMilliseconds
        let next = self.timers.millisecondsToNext(now: self.now)
        switch (next, bound) {
        case (nil, nil): return -1
        case (let next?, nil): return CInt(clamping: next)
        case (nil, let bound?): return CInt(clamping: bound)
        case (let next?, let bound?): return CInt(clamping: min(next, bound))
        }
    }

    private func finishTurn() {
        if !self.parked.isEmpty { self.parked.release(hasRoom: self.pool.hasRoom, now: self.now) }
        while !self.endOfTurn.isEmpty {
            let work = self.endOfTurn
            self.endOfTurn = []
            for task in work { task() }
        }
        self.gauge.publish(self.registry.count)
    }
}

extension Reactor {
    package func withScratch(_ body: (inout MutableSpan<UInt8>) -> Void) {
        self.scratch.lend(body)
    }

    /// Whether the pool has room for what one read may bring. Not inlined: who reads an object two steps away counts a
    /// reference to it, which costs more than the call, and every read asks.
    @inline(never)
    var hasRoom: Bool { self.pool.hasRoom }

    /// Lends the receive window for one read.
    func withWindow(_ body: (inout MutableSpan<UInt8>) -> Void) {
        self.window.lend(body)
    }

    package func startTimer(_ client: any TimerClient, at deadline: UInt64) -> TimerID {
        self.timers.start(client, at: deadline)
    }

    package func stopTimer(_ timer: TimerID) { self.timers.stop(timer) }

    package func atEndOfTurn(_ work: @escaping () -> Void) { self.endOfTurn.append(work) }

    package func atNextTurn(_ work: @escaping () -> Void) { self.nextTurn.append(work) }

    package func makeStream(
        _ descriptor: consuming Descriptor, kind: StreamKind
    ) throws(Errno) -> any ByteStream {
        let watched = self.registry.named(descriptor.rawValue)
        return try DescriptorStream(descriptor, kind: kind, reactor: self, registration: watched)
    }

    package func connect(
        to address: SocketAddress, _ options: SocketOptions, _ client: any SocketOpeningClient
    ) -> any SocketOpening {
        OutgoingSocket(address, options, client, reactor: self)
    }

    package func watch(_ descriptor: borrowing Descriptor, _ handler: ReadinessHandler) throws(Errno) {
        _ = try self.register(handler, descriptor: descriptor.rawValue, .input)
    }

    package func endWatch(_ descriptor: consuming Descriptor) {
        self.delist(self.registration(of: descriptor.rawValue))
    }

    /// Registers a handler; the descriptor stays its own.
    package func register(
        _ handler: ReadinessHandler, descriptor: CInt, _ readiness: Readiness
    ) throws(Errno) -> RegistrationID {
        let id = self.registry.add(handler, descriptor: descriptor)
        do {
            try self.epoll.add(id, readiness)
        } catch {
            self.registry.remove(id)
            throw error
        }
        return id
    }

    /// The registration of a descriptor that is registered now.
    func registration(of descriptor: CInt) -> RegistrationID { self.registry.current(descriptor) }

    /// The same for one that waits for nothing yet: the epoll set does not know it.
    func enlist(_ handler: ReadinessHandler, descriptor: CInt) {
        _ = self.registry.add(handler, descriptor: descriptor)
    }

    /// Forgets a registration that the epoll set does not know, or whose descriptor is closed next: with the last
    /// descriptor of an open file its registrations go.
    func delist(_ id: RegistrationID) { self.registry.remove(id) }

    /// Hands a registration over to another handler, which waits for something else.
    func hand(
        _ id: RegistrationID, to handler: ReadinessHandler, _ readiness: Readiness
    ) throws(Errno) {
        do {
            try self.epoll.modify(id, readiness)
        } catch {
            self.registry.remove(id)
            throw error
        }
        self.registry.replace(id, by: handler)
    }

    /// Changes what a registration waits for.
    package func change(_ id: RegistrationID, to readiness: Readiness) {
        try? self.epoll.modify(id, readiness)
    }

    /// Forgets a registration. To be called before its descriptor is closed.
    package func deregister(_ id: RegistrationID) {
        guard self.registry.handler(of: id) != nil else { return }
        try? self.epoll.remove(id)
        self.registry.remove(id)
    }

    /// Calls `body` with the delegate of every open stream; for a layer, with the one that it works for.
    package func forEachDelegate(_ body: (any ByteStreamDelegate) -> Void) {
        for handler in self.registry.all {
            guard var delegate = (handler as? DescriptorStream)?.delegate else { continue }
            while let upper = (delegate as? any StreamLayer)?.upper { delegate = upper }
            body(delegate)
        }
    }

    func park(_ stream: DescriptorStream) { self.parked.add(stream, now: self.now) }
}
