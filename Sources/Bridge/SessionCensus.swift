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
        // The class first: asking for a protocol takes ten times as long.
        if let session = owner as? WebSocketSession {
            self.add(session)
        } else if owner is HTTPConnection {
            self.connections += 1
        } else if let session = owner as? any CountedSession {
            self.add(session)
        }
    }

    private mutating func add(_ session: any CountedSession) {
        self.connections += 1
        self.moved[ObjectIdentifier(session.settings), default: SessionCounters()].add(session.counters)
    }

    /// What a route of the same worker has counted, its open sessions included.
    package func tally(of settings: SessionSettings) -> RouteTally {
        var tally = settings.tally
        for group in StatusGroup.allCases {
            tally.requestsAnswered.add(settings.answers.groups[group.digit], of: group)
        }
        if let moved = self.moved[ObjectIdentifier(settings)] { tally.moved.add(moved) }
        return tally
    }
}

/// A session as the census sees it.
package protocol CountedSession: AnyObject {
    /// What it shares with the other sessions of its route on this worker.
    var settings: SessionSettings { get }
    /// What it has moved so far.
    var counters: SessionCounters { get }
}

extension WebSocketSession: CountedSession {}
