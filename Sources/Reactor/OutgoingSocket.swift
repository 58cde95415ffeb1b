internal import IOCore
internal import SystemCalls

/// A socket on its way to another: connect(2) without waiting.
///
///     asking ──queue full──▶ pausing ──▶ asking …
///        └──▶ underWay ──writable──▶ over
final class OutgoingSocket: ReadinessHandler, SocketOpening {
    private enum Phase {
        case asking
        /// A unix socket's queue is full, and nothing tells when it is not: asked again later (connect(2), EAGAIN).
        case pausing(TimerID)
        case underWay(RegistrationID)
        case over
    }

    /// Nanoseconds before a full queue is tried again, doubled up to the last.
    private static let pauseFirst: UInt64 = 4_000_000
    private static let pauseMax: UInt64 = 64_000_000

    private let reactor: Reactor
    private let address: SocketAddress
    private var client: (any SocketOpeningClient)?
    private var descriptor: CInt?
    private var phase = Phase.asking
    private var pause = OutgoingSocket.pauseFirst

    init(
        _ address: SocketAddress, _ options: SocketOptions, _ client: any SocketOpeningClient, reactor: Reactor
    ) {
        self.reactor = reactor
        self.address = address
        self.client = client
        super.init()
        do throws(Errno) {
            self.descriptor = try Socket.outgoing(address, options).release()
            try self.ask()
        } catch {
            self.answerLater(error)
        }
    }

    deinit {
        if let raw = self.descriptor { _ = Descriptor(owning: raw) }
    }

    private func ask() throws(Errno) {
        guard let descriptor = self.descriptor else { return }
        switch try Socket.beginConnecting(descriptor, to: self.address) {
        case .connected:
            self.answerLater(nil)
        case .underWay:
            self.phase = .underWay(try self.reactor.register(self, descriptor: descriptor, .output))
        case .queueFull:
            self.phase = .pausing(self.reactor.startTimer(self, at: self.reactor.now &+ self.pause))
            self.pause = min(2 * self.pause, Self.pauseMax)
        }
    }

    /// Nobody is told from inside a call of its own.
    private func answerLater(_ error: Errno?) {
        self.reactor.atEndOfTurn { self.answer(error) }
    }

    private func answer(_ error: Errno?) {
        guard let client = self.client else { return }
        guard error == nil, let raw = self.descriptor.take() else {
            self.close()
            return client.socketFailed(error ?? .connectionAborted)
        }
        self.client = nil
        do throws(Errno) {
            client.socketOpened(try self.stream(Descriptor(owning: raw)))
        } catch {
            client.socketFailed(error)
        }
    }

    /// The stream takes the place in the epoll set over, where there is one.
    private func stream(_ descriptor: consuming Descriptor) throws(Errno) -> DescriptorStream {
        guard case .underWay(let registration) = self.phase else {
            self.leave()
            return try DescriptorStream(descriptor, kind: .socket, reactor: self.reactor)
        }
        self.phase = .over
        return try DescriptorStream(
            descriptor, kind: .socket, reactor: self.reactor, registration: registration)
    }

    /// Waits for nothing more.
    private func leave() {
        switch self.phase {
        case .pausing(let timer): self.reactor.stopTimer(timer)
        case .underWay(let registration): self.reactor.deregister(registration)
        case .asking, .over: break
        }
        self.phase = .over
    }

    func cancel() { self.close() }

    // MARK: ReadinessHandler

    override func ready(_ readiness: Readiness, on descriptor: CInt) {
        // Where it failed the kernel says so (EPOLLERR in tcp_poll and unix_poll), and only then it is asked why.
        let isBroken = readiness.isFailed || readiness.isHungUp
        self.answer(isBroken ? Socket.connectError(descriptor) : nil)
    }

    /// Lets go of everything without a word.
    override func close() {
        self.leave()
        self.client = nil
        if let raw = self.descriptor.take() { _ = Descriptor(owning: raw) }
    }
}

extension OutgoingSocket: TimerClient {
    func timerFired() {
        self.phase = .asking
        do throws(Errno) {
            try self.ask()
        } catch {
            self.answer(error)
        }
    }
}
