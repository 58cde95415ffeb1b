internal import Buffers
internal import IOCore
internal import SystemCalls

/// A byte stream over a socket or over one end of a pipe.
///
/// Output goes to the kernel at once; what it does not take waits in the queue, and only then is EPOLLOUT asked for.
/// Input is one read a readiness, into the window of the worker. One that is only written is in the epoll set while
/// output waits: that nobody reads any more shows at the next write, and before that it matters to nobody.
final class DescriptorStream: ReadinessHandler, ByteStream {
    enum Reading: Equatable {
        case flowing
        case paused
        /// Flowing, but the pool has no room for what may come.
        case parked
        case ended
    }

    enum Writing: Equatable {
        /// Who sends from a file waits for room, with nothing in the queue.
        case open(awaitsRoom: Bool)
        /// The rest of the queue, then the end.
        case finishing
        case finished
        /// The peer takes nothing more, by ECONNRESET or EPIPE: what it said before is read, and then it is told.
        case broken(byReset: Bool)
    }

    // No byte more than the allocator hands out for it: what an idle session holds is counted (docs/performance.md).
    var delegate: (any ByteStreamDelegate)?
    let reactor: Reactor
    var queue = BufferQueue()
    let descriptor: CInt
    let kind: StreamKind
    var reading: Reading
    var writing: Writing
    var interest: Interest

    /// `registration`: of who waited on the descriptor before, and does so no more.
    init(
        _ descriptor: consuming Descriptor, kind: StreamKind, reactor: Reactor, registration: RegistrationID? = nil
    ) throws(Errno) {
        self.reactor = reactor
        self.kind = kind
        self.reading = kind.isWriteOnly ? .ended : .flowing
        self.writing = kind.isReadOnly ? .finished : .open(awaitsRoom: false)
        self.interest = kind.isWriteOnly ? .withdrawn : .input
        self.descriptor = descriptor.rawValue
        super.init()
        if let registration {
            try reactor.hand(registration, to: self, .input)
        } else if kind.isWriteOnly {
            reactor.enlist(self, descriptor: descriptor.rawValue)
        } else {
            _ = try reactor.register(self, descriptor: descriptor.rawValue, .input)
        }
        _ = descriptor.release()
    }

    var isOpen: Bool { self.interest != .closed }
    var takesOutput: Bool {
        switch self.writing {
        case .open: true
        case .finishing, .finished, .broken: false
        }
    }
    private var registration: RegistrationID { self.reactor.registration(of: self.descriptor) }

    var unsentCount: Int { self.queue.count }

    var undeliveredCount: Int {
        guard self.isOpen, self.kind == .socket else { return self.queue.count }
        return self.queue.count + (Socket.unacknowledged(self.descriptor) ?? 0)
    }

    override func close() {
        guard self.isOpen else { return }
        let leavesWithClose = self.interest == .withdrawn || !self.kind.sharesFile
        leavesWithClose ? self.reactor.delist(self.registration) : self.reactor.deregister(self.registration)
        self.interest = .closed
        self.delegate = nil
        self.queue.removeAll()
        _ = Descriptor(owning: self.descriptor)
    }

    override func ready(_ readiness: Readiness, on descriptor: CInt) {
        if readiness.isWritable { self.flush() }
        guard self.isOpen else { return }
        if self.reading == .flowing {
            if readiness != .output { self.read() }
        } else if readiness.isFailed || readiness.isHungUp {
            self.lostUnread(readiness)
        } else if readiness.isReadable {
            self.watch()
        }
    }
}

// MARK: - Input

extension DescriptorStream {
    func read() {
        guard self.reactor.hasRoom else {
            self.reading = .parked
            self.watch()
            self.reactor.park(self)
            return
        }
        self.reactor.withWindow { window in
            switch self.kind.receive(self.descriptor, into: &window) {
            case .moved(let count):
                var filled = window._mutatingExtracting(0..<ReceiveWindow.headroom + count)
                self.delegate?.received(&filled, from: ReceiveWindow.headroom)
            case .notReady:
                if let reason = self.breakage { self.fail(reason) }
            case .ended:
                if let reason = self.breakage { return self.fail(reason) }
                self.reading = .ended
                self.delegate?.inputEnded()
                self.watch()  // after most owners have closed it
            case .failed(let error):
                self.fail(self.breakage ?? .system(error.rawValue))
            }
        }
    }

    /// The other side is gone while nobody reads: an error is final, a hang-up may leave bytes that are read later.
    private func lostUnread(_ readiness: Readiness) {
        if readiness.isFailed {
            self.fail(.system((self.kind.isWriteOnly ? Errno.brokenPipe : .connectionReset).rawValue))
            return
        }
        guard self.interest != .withdrawn else { return }
        try? self.reactor.epoll.remove(self.registration)
        self.interest = .withdrawn
    }

    /// Closes and tells the delegate, which is not within a call of its own here.
    func fail(_ failure: StreamFailure) {
        let delegate = self.delegate
        self.close()
        delegate?.failed(failure)
    }
}

// MARK: - Flow of input

extension DescriptorStream {
    /// The epoll set hears of it when something comes: most pauses are over before.
    func pauseReading() {
        guard self.reading == .flowing || self.reading == .parked else { return }
        self.reading = .paused
    }

    func resumeReading() {
        guard self.reading == .paused, self.isOpen else { return }
        self.reading = .flowing
        self.watch()
        self.readRestLater()
    }

    /// The pool has room again.
    func unpark() {
        guard self.reading == .parked, self.isOpen else { return }
        self.reading = .flowing
        self.watch()
        self.readRestLater()
    }

    /// The pool had no room for too long.
    func starve() {
        guard self.reading == .parked, self.isOpen else { return }
        self.fail(.outOfBuffers)
    }

    /// Brings the epoll set in line with what this stream now waits for.
    func watch() {
        guard self.isOpen else { return }
        let awaitsRoom = !self.queue.isEmpty || self.writing == .open(awaitsRoom: true)
        let wanted = Interest(input: self.reading == .flowing, output: awaitsRoom)
        if self.interest == .withdrawn {
            guard self.reading == .flowing || self.kind.isWriteOnly && wanted == .output else { return }
            try? self.reactor.epoll.add(self.registration, wanted.readiness)
        } else if self.interest != wanted {
            self.reactor.change(self.registration, to: wanted.readiness)
        }
        self.interest = wanted
    }
}
