internal import Bridge
internal import Buffers
internal import Configuration
internal import HTTPConnection
internal import Reactor
internal import SystemCalls
internal import Telemetry

// A reload, as one worker sees it. Sessions are left alone; only what comes from now on is served by the new
// generation.
extension Worker {
    func adopt(_ generation: Generation) {
        self.reactor.pool.resize(bytesMax: generation.memory.poolBytesMax, reserve: generation.memory.reserve)
        self.connectionLimits = HTTPConnection.Limits(generation.plan.connections)
        let removed = self.reception.adopt(generation)
        self.changeListeners(generation.entrances)
        if let timeout = generation.plan.removedRouteTimeout.value, !removed.isEmpty {
            self.reactor.startAlarm(at: self.reactor.now &+ timeout.nanoseconds) { self.end(removed) }
        }
        self.shared.reports.post(.adopted(worker: self.index))
    }

    /// The new ones first, so that there is no moment without any.
    private func changeListeners(_ entrances: [Entrance]) {
        for entrance in entrances {
            if let desk = self.desks[entrance.number] {
                desk.adopt(entrance)
            } else {
                self.listenOrComplain(at: entrance)
            }
        }
        let numbers = Set(entrances.map(\.number))
        for (number, listeners) in self.listeners where !numbers.contains(number) {
            let isLast = !self.keptElsewhere.contains(number)
            for listener in listeners { listener.finish(isLast: isLast) }
            self.listeners[number] = nil
            self.desks[number] = nil
        }
    }

    /// It is bound; that the reactor cannot wait for it leaves the other workers' sockets.
    private func listenOrComplain(at entrance: Entrance) {
        do throws(Errno) {
            try self.listen(at: entrance)
        } catch {
            self.shared.log.write(
                .error, "a worker cannot listen",
                [
                    LogField("address", .string(entrance.address.description)),
                    LogField("reason", .string(error.description)),
                ])
        }
    }

    /// Ends the sessions of routes that are gone, those on their way among them.
    private func end(_ removed: [(route: BridgeRoute, settings: SessionSettings)]) {
        for (route, settings) in removed {
            route.drain()
            self.reactor.forEachDelegate { ($0 as? any RoutedSession)?.routeRemoved(settings) }
        }
    }
}
