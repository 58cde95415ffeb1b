internal import Reactor
internal import SystemCalls
internal import Telemetry

// What the service manager and the wsbridge before us hear: that we serve, and from then on that we live.
extension ControlLoop {
    /// Served is who connects once every worker has answered. A machine that is so busy that one of them has not within
    /// a round is asked again.
    func tellWhenReady() {
        guard self.service.isListening || self.predecessor != nil else { return }
        self.census.count { count in
            guard count.silentWorkers.isEmpty else { return self.tellWhenReady() }
            let tell = {
                self.service.ready(count)
                if self.service.isListening { self.tellAgain() }
            }
            if let predecessor = self.predecessor { predecessor.takeOver(tell) } else { tell() }
        }
    }

    private func tellAgain() {
        self.reactor.startAlarm(at: self.reactor.now &+ self.service.interval) {
            self.census.count { count in
                self.service.report(count)
                self.tellAgain()
            }
        }
    }
}
