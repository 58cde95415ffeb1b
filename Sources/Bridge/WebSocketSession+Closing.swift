internal import IOCore
internal import Telemetry
internal import WebSocket

// The end of a session, from whichever side it comes.
extension WebSocketSession {
    /// The client broke a rule.
    func fail(_ violation: ProtocolViolation) {
        self.perform(self.closing.fail(CloseFrame(code: violation.closeCode, reason: violation.reason)))
    }

    /// We, or the peer, end the session; what was written before goes out first.
    func close(_ code: CloseCode, _ reason: String) {
        self.perform(self.closing.close(CloseFrame(code: code, reason: reason)))
    }

    /// The only place where the closing handshake has effects.
    func perform(_ action: ClosingHandshake.Action) {
        switch action {
        case .none:
            break
        case .sendClose(let frame, thenFinish: false):
            self.client.write(frame.encoded.span)
            // Its answer may lie behind messages that nobody takes any more; those that somebody takes go first.
            if !(self.inbound.isPaused && self.passesMessages) { self.client.resumeReading() }
            self.awaitClient()
        case .sendClose(let frame, thenFinish: true):
            self.client.write(frame.encoded.span)
            self.finishClient()
        case .finish:
            self.finishClient()
        }
    }

    /// Both Close frames are out: the transport ends too, the client's side last, so that nothing is cut off.
    private func finishClient() {
        self.memory = nil
        self.client.finishWriting()
        self.client.resumeReading()
        self.awaitClient()
        self.peer.clientEnded()
    }

    /// The client's time to answer or to go starts, and starts again while it takes what is on its way.
    private func awaitClient() {
        self.timekeeper.watchDelivery(self.client.undeliveredCount)
        self.timekeeper.progressed(now: self.now)
        self.startTimer(at: self.now &+ self.closePatience)
    }

    /// The server goes away: the session ends, and its transport too once both Close frames are through.
    func drain() {
        self.isDraining = true
        self.close(.goingAway, "server is going away")
        if self.closing.isFinished, self.clientSide != .gone { self.keepWaiting() }
    }

    /// The client ended its side, or its connection broke.
    func loseClient() {
        guard self.clientSide != .gone else { return }
        self.clientSide = .gone
        self.stopTimer()
        self.memory = nil
        let wasHeard = self.closing.state == .finished
        self.closing.lose()
        // From here on nothing moves, and nobody who asks the open streams finds this session any more.
        self.settings.tally.moved.add(self.counters)
        self.client.close()
        if !wasHeard { self.peer.clientEnded() }
        self.reportIfOver()
    }

    /// The peer has ended for good.
    func peerIsGone() { self.reportIfOver() }

    private func reportIfOver() {
        guard self.clientSide == .gone, !self.isReported, self.peer.isOver else { return }
        self.isReported = true
        self.reportEnd()
        self.peer.sessionEnded()
    }
}

// MARK: - Time

extension WebSocketSession: TimerClient {
    func timerFired() {
        self.timer = nil
        switch self.closing.state {
        case .open: self.keepTime()
        case .awaitingReply, .finished: self.keepWaiting()
        }
    }

    /// Sets the timer of an open session to what is due next.
    func schedule() {
        guard let deadline = self.timekeeper.deadline(self.settings, startedAt: self.identity.startedAt) else { return }
        self.startTimer(at: deadline)
    }

    private func keepTime() {
        switch self.timekeeper.tick(now: self.now, self.settings, startedAt: self.identity.startedAt) {
        case .none:
            break
        case .sendPing:
            self.watchAndPing()
        case .sendAnotherPing:
            // One that waits behind what the client does not take is enough.
            if self.client.unsentCount == 0 { self.ping() }
        case .suspectDead:
            let isTaking = self.isClientTaking
            guard isTaking || self.mayHoldPong else { return self.loseSilentClient() }
            self.timekeeper.excuse(now: self.now)
            if !isTaking { self.watchAndPing() }
        case .idle:
            return self.close(.goingAway, "no message for too long")
        case .tooOld:
            return self.close(.goingAway, "session lasted as long as it may")
        }
        self.schedule()
    }

    /// A ping whose patience begins: what the client takes from here on shows that it lives.
    private func watchAndPing() {
        self.timekeeper.watchDelivery(self.client.undeliveredCount)
        self.ping()
    }

    private func ping() {
        self.client.write(ServerFrame.control(.ping, payload: [UInt8]().span).span)
    }

    private func keepWaiting() {
        if self.isClientTaking { self.timekeeper.progressed(now: self.now) }
        let isThrough = self.closing.isFinished && self.client.undeliveredCount == 0
        let isGivenUp = self.timekeeper.hasStalled(for: self.settings.closeTimeout, now: self.now)
        guard !isGivenUp, !(isThrough && self.isDraining) else { return self.loseClient() }
        self.startTimer(at: self.now &+ self.closePatience)
    }

    /// Only a drain looks often: elsewhere a client may take the whole time to end its side.
    private var closePatience: UInt64 {
        guard self.isDraining, self.closing.isFinished else { return self.settings.closeTimeout }
        return min(Self.deliveryCheck, self.settings.closeTimeout)
    }

    /// Nanoseconds between two looks at whether the client has everything: nobody tells when it acknowledges.
    private static let deliveryCheck: UInt64 = 10_000_000

    /// A client that takes bytes is slow, not gone. What it has not read may keep its pong from coming.
    private var isClientTaking: Bool {
        self.timekeeper.isDelivering(self.client.undeliveredCount)
    }

    /// Its input is not read while the peer is full: its pong may lie there. The ping was taken, so its side
    /// lives, and another one asks it again.
    private var mayHoldPong: Bool { self.inbound.isPaused && self.client.undeliveredCount == 0 }

    private func loseSilentClient() {
        self.settings.log.write(.info, "client does not answer pings", self.identityFields)
        self.loseClient()
    }

    private func startTimer(at deadline: UInt64) {
        self.stopTimer()
        self.timer = self.loop.startTimer(self, at: deadline)
    }

    private func stopTimer() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }
}
