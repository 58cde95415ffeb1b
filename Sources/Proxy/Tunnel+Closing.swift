internal import Bridge
internal import IOCore
internal import Telemetry
internal import WebSocket

// How a tunnel ends. Each direction ends by itself; when both have, and all is sent, it is over.
extension Tunnel {
    /// We end it: each side gets a Close, at once if no frame is under way, else behind that frame.
    func close(_ code: CloseCode, _ reason: String) {
        guard self.phase == .open else { return }
        self.phase = .closing
        self.ownCode = code
        // A Close that went by says more.
        if self.code == .abnormal { self.code = code }
        if self.toServer.close() { self.sendClose(toServer: code) }
        if self.toClient.close() { self.sendClose(toClient: code) }
        // Answers may lie behind what nobody takes.
        self.client.resumeReading()
        self.server.resumeReading()
        self.awaitEnds()
    }

    func sendClose(toClient code: CloseCode) {
        self.client.write(CloseFrame(code: code, reason: code.tunnelReason).encoded.span)
    }

    func sendClose(toServer code: CloseCode) {
        let key = UInt32(truncatingIfNeeded: self.identity.id.low)
        self.server.write(CloseFrame(code: code, reason: code.tunnelReason).encoded(maskedBy: key).span)
    }

    /// The client's Close has come: its part of the conversation is over.
    func clientClosed() {
        self.note(self.toServer.closeCode)
        if self.phase == .closing { self.clientEnded() }
    }

    func serverClosed() {
        self.note(self.toClient.closeCode)
        if self.phase == .closing { self.serverEnded() }
    }

    private func note(_ code: CloseCode?) {
        if self.code == .abnormal { self.code = code ?? .noStatus }
    }

    /// The client sends nothing more: the server hears it behind what is on its way.
    func clientEnded(as end: End = .done) {
        guard self.phase != .over, self.clientEnd != .gone else { return }
        self.clientEnd = end
        if self.isSaidAndDone, self.serverEnd == .open { self.serverEnd = .done }
        if self.finishIfDone() { return }
        self.server.finishWriting()
        // A server that is stuck in a write would not come to read the rest.
        self.server.resumeReading()
        self.ended()
    }

    func serverEnded(as end: End = .done) {
        guard self.phase != .over, self.serverEnd != .gone else { return }
        self.serverEnd = end
        if self.isSaidAndDone, self.clientEnd == .open { self.clientEnd = .done }
        if self.finishIfDone() { return }
        self.client.finishWriting()
        self.client.resumeReading()
        self.ended()
    }

    /// Both have said Close: what one of them might still send is for nobody, so its end is not waited for.
    private var isSaidAndDone: Bool { self.toServer.hasClosed && self.toClient.hasClosed }

    private func ended() {
        if self.phase == .open { self.phase = .closing }
        if !self.finishIfDone() { self.awaitEnds() }
    }

    /// Whether it is over, maybe since now.
    @discardableResult
    func finishIfDone() -> Bool {
        guard self.phase != .over else { return true }
        let isDone = self.clientEnd != .open && self.serverEnd != .open
        if isDone, self.client.unsentCount == 0, self.server.unsentCount == 0 { self.finish() }
        return self.phase == .over
    }
}

// MARK: - Time

extension Tunnel: TimerClient {
    /// Sets the timer of an open tunnel to what is due next.
    func schedule() {
        let idleEnd = self.settings.idleTimeout.map { self.movedAt &+ $0 }
        let lifeEnd = self.settings.lifetimeMax.map { self.identity.startedAt &+ $0 }
        guard idleEnd != nil || lifeEnd != nil else { return }
        let deadline = min(idleEnd ?? .max, lifeEnd ?? .max)
        self.timer = self.loop.startTimer(self, at: deadline)
    }

    func timerFired() {
        self.timer = nil
        let now = self.loop.now
        switch self.phase {
        case .open:
            if let idle = self.settings.idleTimeout, now &- self.movedAt >= idle {
                return self.close(.goingAway, "nothing moved for too long")
            }
            if let lifetime = self.settings.lifetimeMax, now &- self.identity.startedAt >= lifetime {
                return self.close(.goingAway, "session lasted as long as it may")
            }
            self.schedule()
        case .closing:
            // Who still moves bytes is slow, and waited for.
            let isHeard = self.clientEnd != .gone && self.serverEnd != .gone
            let isTalking = isHeard && now &- self.movedAt < self.settings.closeTimeout && !self.isDraining
            if isTalking || self.bytesUnderWay < self.undelivered { self.awaitEnds() } else { self.finish() }
        case .over:
            break
        }
    }

    private var bytesUnderWay: Int { self.client.undeliveredCount + self.server.undeliveredCount }

    /// The ends have the close timeout to answer or to go.
    private func awaitEnds() {
        self.stopTimer()
        self.undelivered = self.bytesUnderWay
        self.timer = self.loop.startTimer(self, at: self.loop.now &+ self.settings.closeTimeout)
    }

    func stopTimer() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }
}

extension CloseCode {
    /// The words that go with a code of ours.
    fileprivate var tunnelReason: String {
        switch self {
        case .goingAway: "server is going away"
        case .serviceRestart: "the route was removed"
        case .messageTooBig: "message too big"
        case _: ""
        }
    }
}

// MARK: - The worker's view

extension Tunnel: DrainableSession, RoutedSession, CountedSession {
    func drain() {
        self.isDraining = true
        self.close(.goingAway, "server is going away")
    }

    func routeRemoved(_ settings: SessionSettings) {
        guard self.settings === settings else { return }
        self.close(.serviceRestart, "the route was removed")
    }
}
