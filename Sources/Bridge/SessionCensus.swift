internal import HTTPConnection
package import IOCore
package import Telemetry

/// Counts a worker's connections and adds up what its open sessions have moved, when somebody asks for numbers.
///
/// One class check and one look-up a stream: some ten thousand sessions take a worker about a millisecond, and a
/// message costs it nothing.
package struct SessionCensus {
    /// Connections of clients: sessions, and those that have not asked for one.
    package private(set) var connections = 0
    private var moved: [ObjectIdentifier: SessionCounters] = [:]

    package init() {}

    /// To be called with the owner of each open stream.
    package mutating func count(_ owner: any ByteStreamDelegate) {
        if let session = owner as? WebSocketSession {
            self.connections += 1
            self.moved[ObjectIdentifier(session.settings), default: SessionCounters()].add(session.counters)
        } else if owner is HTTPConnection {
            self.connections += 1
        }
    }

    /// What a route of the same worker has counted, its open sessions included.
    package func tally(of route: BridgeRoute) -> RouteTally {
        var tally = route.settings.tally
        if let moved = self.moved[ObjectIdentifier(route.settings)] { tally.moved.add(moved) }
        return tally
    }
}
