package import IOCore
internal import SystemCalls
package import Transport
internal import Upstreams

/// Asks the servers of a group from time to time whether they are there, all on one loop: the control loop's.
///
/// A check is a connection that is closed at once, or one that carries one request. There is one at a time for each
/// server, and each has a deadline. A server that expects a PROXY header gets one that says that we speak for
/// ourselves, so that it has nothing to complain about.
package final class HealthChecks {
    private var probes: [HealthProbe] = []
    private let settings: CheckSettings

    /// Nil: the group is not to be checked. `makeWorkspace` is asked when a server is spoken to by TLS for the first
    /// time.
    package init?(
        _ group: UpstreamGroup, _ settings: DialSettings, loop: any EventLoop, names: any NameLookup,
        makeWorkspace: @escaping () -> TLSWorkspace
    ) {
        guard let check = group.settings.check else { return nil }
        self.settings = check
        var dialing = settings
        // Who asks nothing needs no TLS: it would cost the server a handshake for each check.
        if check.http == nil { dialing.tls = nil }
        let surroundings = DialSurroundings(dialing, loop: loop, names: names, makeWorkspace: makeWorkspace)
        self.probes = group.settings.servers.indices.map { HealthProbe($0, group, check, surroundings) }
    }

    /// Spread over an interval, so that not all servers of all routes are asked at once.
    package func start() {
        for (index, probe) in self.probes.enumerated() {
            probe.start(after: self.settings.interval / UInt64(self.probes.count) &* UInt64(index))
        }
    }

    package func stop() {
        for probe in self.probes { probe.stop() }
    }
}
