internal import Bridge
internal import HTTPConnection
internal import IOCore
internal import Reactor
internal import SystemCalls
internal import Transport

// How a worker goes away: nobody who has come is sent away unheard, and no session is told before the last listener is
// closed.
extension Worker {
    /// Who waits at a socket that nobody else has is let in, for closing it would be a reset. Who waits at one that
    /// another process has is served there.
    func stopAccepting(_ departure: Departure) {
        for (number, listeners) in self.listeners {
            let isServedElsewhere: Bool =
                switch departure {
                case .leaving: true
                case .stopping: self.keptElsewhere.contains(number)
                }
            for listener in listeners {
                if isServedElsewhere { listener.close() } else { listener.finish(isLast: true) }
            }
        }
        self.listeners = [:]
        self.awaitRequests(until: self.reactor.now &+ Self.requestPatience)
    }

    /// A client that has just been let in has its request under way: it gets an answer. Longer than a request takes on
    /// most ways, and short enough not to be noticed at a stop.
    private static let requestPatience: UInt64 = 500_000_000

    private func awaitRequests(until deadline: UInt64) {
        var isAwaited = false
        self.reactor.forEachDelegate { if Self.isAwaited($0) { isAwaited = true } }
        if isAwaited, self.reactor.now < deadline {
            self.reactor.startAlarm(at: self.reactor.now &+ Self.look) { self.awaitRequests(until: deadline) }
        } else {
            self.shared.reports.post(.stoppedAccepting(worker: self.index))
        }
    }

    private static func isAwaited(_ delegate: any ByteStreamDelegate) -> Bool {
        if let connection = delegate as? HTTPConnection { return connection.awaitsFirstAnswer }
        if let stream = delegate as? TLSStream { return stream.isBeginning }
        return delegate is ProxyProtocolAcceptor
    }

    /// Nanoseconds between two looks at whether the last session has gone.
    private static let look: UInt64 = 10_000_000

    func drain() {
        guard !self.isDraining else { return }
        self.isDraining = true
        self.reception.drain()
        self.reactor.forEachDelegate { delegate in
            (delegate as? any DrainableSession)?.drain()
            (delegate as? HTTPConnection)?.drain()
            (delegate as? TLSStream)?.drain()
            (delegate as? ProxyProtocolAcceptor)?.drain()
        }
        self.reportWhenDrained()
    }

    private var isBusy: Bool {
        var isBusy = self.reception.openSessions > 0
        self.reactor.forEachDelegate { _ in isBusy = true }
        return isBusy
    }

    /// Tells the control loop once no client is left.
    private func reportWhenDrained() {
        if self.isBusy {
            self.reactor.startAlarm(at: self.reactor.now &+ Self.look) { self.reportWhenDrained() }
        } else {
            self.shared.reports.post(.drained(worker: self.index))
        }
    }

    /// The same for sessions that were told nothing and may have hours to go; a drain has a look of its own.
    func reportWhenLeft() {
        guard !self.isDraining else { return }
        if self.isBusy {
            self.reactor.startAlarm(at: self.reactor.now &+ Self.leavingLook) { self.reportWhenLeft() }
        } else {
            self.shared.reports.post(.drained(worker: self.index))
        }
    }

    /// Nanoseconds between two looks while sessions may take hours.
    private static let leavingLook: UInt64 = 250_000_000
}
