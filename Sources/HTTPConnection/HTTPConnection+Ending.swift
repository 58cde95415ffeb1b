internal import HTTPSemantics
internal import IOCore

// How a connection ends: with its last answer delivered, or in time.
extension HTTPConnection {
    /// The server is going away: a connection without a request ends, any other with its answer.
    package func drain() {
        self.isDraining = true
        if case .reading = self.state { self.linger(hasClientEnded: true) }
    }

    /// Ends our side behind what is on its way.
    func linger(hasClientEnded: Bool) {
        self.state = .lingering(hasClientEnded: hasClientEnded)
        self.pending = nil
        self.stream.finishWriting()
        self.stream.resumeReading()
        self.startTimer(self.limits.lingerTimeout)
        if hasClientEnded { self.endAfterOutput() }
    }

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
        if case .answering(let exchange) = before { exchange.cancel() }
    }
}

// MARK: - Time

extension HTTPConnection: TimerClient {
    package func timerFired() {
        self.timer = nil
        switch self.state {
        case .reading:
            if self.isTakingOutput { return self.startTimer(self.limits.headTimeout) }
            // Nothing half-sent on a connection that has served already: it was idle, not slow.
            if self.hasAnswered && self.pending == nil { return self.end() }
            let reason = "request head not complete in time"
            self.service.refused(self.client, .requestTimeout, reason)
            let (head, body) = ResponseHead.plainText(.requestTimeout, reason)
            self.send(head, body: body, keepsAlive: false)
        case .lingering:
            if self.isTakingOutput { return self.startTimer(self.limits.lingerTimeout) }
            self.end()
        case .answering, .upgraded, .ended:
            break
        }
    }

    /// Whether the client took some of its answers since the timer was started.
    private var isTakingOutput: Bool { self.stream.undeliveredCount < self.undelivered }

    func startTimer(_ patience: UInt64) {
        self.stopTimer()
        self.undelivered = self.stream.undeliveredCount
        self.timer = self.loop.startTimer(self, at: self.loop.now &+ patience)
    }

    func stopTimer() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }
}
