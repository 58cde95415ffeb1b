internal import HTTPSemantics
internal import IOCore

// How a connection ends: with its last answer delivered, or in time.
extension HTTPConnection {
    /// The server is going away: a connection without a request ends, any other once its answer is delivered.
    package func drain() {
        self.isDraining = true
        switch self.state {
        case .reading: self.linger(hasClientEnded: true)
        case .lingering: self.keepLingering()
        case .answering, .upgraded, .ended: break
        }
    }

    /// The client was let in and has no answer yet: its first request is under way, or being answered.
    package var awaitsFirstAnswer: Bool {
        switch self.state {
        case .reading: !self.hasAnswered
        case .answering(let exchange): !exchange.hasBegun
        case .lingering, .upgraded, .ended: false
        }
    }

    /// Ends our side behind what is on its way.
    func linger(hasClientEnded: Bool) {
        self.state = .lingering(hasClientEnded: hasClientEnded)
        self.pending = nil
        self.stream.finishWriting()
        self.stream.resumeReading()
        self.lingersUntil = self.loop.now &+ self.limits.lingerTimeout
        self.startTimer(self.lingerPatience)
        if hasClientEnded { self.endAfterOutput() }
    }

    /// A server that goes away waits until its answer is delivered, and not for the client to end its side.
    private func keepLingering() {
        let isDelivered = self.stream.undeliveredCount == 0
        if isDelivered && self.isDraining { return self.end() }
        // Everything delivered is no reason to wait on: the last to come may have been our own end.
        if self.isTakingOutput && !isDelivered { self.lingersUntil = self.loop.now &+ self.limits.lingerTimeout }
        guard self.loop.now < self.lingersUntil else { return self.end() }
        self.startTimer(self.lingerPatience)
    }

    private var lingerPatience: UInt64 {
        self.isDraining ? min(Self.deliveryCheck, self.limits.lingerTimeout) : self.limits.lingerTimeout
    }

    /// Nanoseconds between two looks at whether the client has everything: nobody tells when it acknowledges.
    private static let deliveryCheck: UInt64 = 10_000_000

    /// The client sends nothing more; what it has asked for still goes out.
    func endAfterOutput() {
        guard self.stream.unsentCount > 0 else { return self.end() }
        if case .lingering = self.state {
            self.state = .lingering(hasClientEnded: true)
        } else {
            self.linger(hasClientEnded: true)
        }
    }

    func end() {
        self.stopTimer()
        let before = self.state
        if case .ended = before { return }
        self.state = .ended
        self.pending = nil
        self.stream.close()
        switch before {
        case .answering(let exchange): exchange.cancel()
        case .reading, .lingering, .upgraded, .ended: break
        }
    }
}

// MARK: - Time

extension HTTPConnection: TimerClient {
    package func timerFired() {
        self.timer = nil
        switch self.state {
        case .reading:
            if self.isTakingOutput { return self.startTimer(self.limits.headTimeout) }
            // It takes no answer; or nothing is half-sent on a connection that has served already: idle, not slow.
            let isStuck = self.stream.unsentCount > 0
            if isStuck || (self.hasAnswered && self.pending == nil) { return self.end() }
            let reason = "request head not complete in time"
            self.service.refused(self.client, .requestTimeout, reason)
            let (head, body) = ResponseHead.plainText(.requestTimeout, reason)
            self.send(head, body: body, keepsAlive: false)
        case .lingering:
            self.keepLingering()
        case .answering(let exchange):
            self.checkDelivery(of: exchange)
        case .upgraded, .ended:
            break
        }
    }

    /// Whether the client took some of its answers since the timer was started.
    private var isTakingOutput: Bool { self.stream.undeliveredCount < self.undelivered }

    /// `handed`: bytes that went to the stream since the last timer. Few, and none of them unsent, are with the kernel,
    /// which needs no help of ours: it is not asked what of them the client has.
    func startTimer(_ patience: UInt64, handed: Int = .max) {
        self.stopTimer()
        let isLittle = handed <= Self.littleOutput && self.stream.unsentCount == 0
        self.undelivered = isLittle ? 0 : self.stream.undeliveredCount
        self.timer = self.loop.startTimer(self, at: self.loop.now &+ patience)
    }

    /// Bytes that a client takes in no time, or it is as slow as one that does not read at all.
    private static let littleOutput = 64 << 10

    func stopTimer() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }
}
