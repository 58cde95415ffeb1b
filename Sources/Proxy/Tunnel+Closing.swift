internal import Bridge
internal import IOCore
internal import Telemetry
internal import WebSocket

// How a tunnel ends. Each direction ends by itself; when both have, and all is sent, it is over.
extension Tunnel {
    /// We end it: each side gets a Close, at once if no frame is under way, else behind that frame. The server is told
    /// the same unless there is something else for it.
    func close(_ farewell: Farewell, toServer serverFarewell: Farewell? = nil) {
        guard self.phase == .open else { return }
        self.phase = .closing
        self.farewells = (farewell, serverFarewell ?? farewell)
        // A Close that went by says more.
        if self.code == .abnormal { self.code = farewell.code }
        if self.toServer.close() { self.tellServer() }
        if self.toClient.close() { self.tellClient() }
        // Answers may lie behind what nobody takes.
        self.client.resumeReading()
        self.server.resumeReading()
        self.awaitEnds()
    }

    func tellClient() {
        let farewell = self.farewells.toClient
        self.client.write(CloseFrame(code: farewell.code, reason: farewell.reason).encoded.span)
    }

    func tellServer() {
        let farewell = self.farewells.toServer
        let key = UInt32(truncatingIfNeeded: self.identity.id.low)
        self.server.write(CloseFrame(code: farewell.code, reason: farewell.reason).encoded(maskedBy: key).span)
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
                return self.close(.idle)
            }
            if let lifetime = self.settings.lifetimeMax, now &- self.identity.startedAt >= lifetime {
                return self.close(.lifetimeOver)
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

/// What our own Close says.
struct Farewell {
    let code: CloseCode
    let reason: String

    static let goingAway = Farewell(code: .goingAway, reason: "server is going away")
    static let routeRemoved = Farewell(code: .serviceRestart, reason: "the route was removed")
    static let idle = Farewell(code: .goingAway, reason: "nothing moved for too long")
    static let lifetimeOver = Farewell(code: .goingAway, reason: "session lasted as long as it may")
    /// To whom the message came from.
    static let tooLarge = Farewell(code: .messageTooBig, reason: "message too big")
    /// To the server, which had no part in it.
    static let clientRefused = Farewell(code: .goingAway, reason: "message of the client too big")
    /// To the client, which had no part in it: as for a record of a program.
    static let serverRefused = Farewell(code: .internalError, reason: "message of the server too big")
}

// MARK: - The worker's view

extension Tunnel: DrainableSession, RoutedSession, CountedSession {
    func drain() {
        self.isDraining = true
        self.close(.goingAway)
    }

    func routeRemoved(_ settings: SessionSettings) {
        guard self.settings === settings else { return }
        self.close(.routeRemoved)
    }
}
