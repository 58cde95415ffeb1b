internal import Bridge
internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore
internal import Telemetry

// Who keeps whom waiting, and for how long.
extension ProxyExchange: TimerClient {
    /// Starts the timer for what is waited for now.
    func watch() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.progress = self.currentProgress
        var patience = self.proxy.stallTimeout
        if case .exchanging = self.stage, self.isRequestSent, let timeout = self.proxy.responseTimeout {
            let spent = self.loop.now &- self.sentAt
            patience = min(patience, timeout - min(spent, timeout))
        }
        self.timer = self.loop.startTimer(self, at: self.loop.now &+ patience)
    }

    /// The kernel is asked about a side only while something waits for it: if that begins after the timer did, bytes
    /// have come for it meanwhile.
    private var currentProgress: Progress {
        var progress = Progress(bytes: self.moved, clientUndelivered: 0, serverUndelivered: 0)
        if self.exchange.unsentCount > 0 { progress.clientUndelivered = self.exchange.undeliveredCount }
        if let stream = self.connection?.stream, stream.unsentCount > 0 {
            progress.serverUndelivered = stream.undeliveredCount
        }
        return progress
    }

    func timerFired() {
        self.timer = nil
        let hasMoved = self.currentProgress != self.progress
        switch self.stage {
        case .exchanging where self.isRequestSent:
            if let timeout = self.proxy.responseTimeout, self.loop.now &- self.sentAt >= timeout {
                return self.timeOut("it did not answer in time")
            }
            // Interim answers wait for it.
            if !hasMoved, self.exchange.unsentCount > 0 { return self.giveUpClient() }
        case .exchanging:
            if hasMoved { break }
            if self.connection?.stream.unsentCount ?? 0 > 0 { return self.timeOut("it does not take the request") }
            return self.refuse(.requestTimeout, "the body of the request did not come")
        case .relaying:
            // A server may be silent for hours; a client that takes nothing is gone.
            if !hasMoved, self.exchange.unsentCount > 0 { return self.giveUpClient() }
        case .idle, .connecting, .over:
            return
        }
        self.watch()
    }

    private func giveUpClient() {
        self.leave()
        self.exchange.abort()
    }

    private func timeOut(_ reason: String) {
        self.route.settings.log.write(
            .error, "the upstream timed out", self.logFields + [.init("reason", .string(reason))])
        self.refuse(.gatewayTimeout, "the server behind this address does not answer in time")
    }
}
