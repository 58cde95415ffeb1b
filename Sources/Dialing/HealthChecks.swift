package import IOCore
internal import SystemCalls
internal import Transport
internal import Upstreams

/// Asks the servers of a group from time to time whether they are there, all on one loop: the control loop's.
///
/// A check is a connection that is closed at once. A server that expects a PROXY header gets one that says that we
/// speak for ourselves, so that it has nothing to complain about.
package final class HealthChecks {
    private var probes: [Probe] = []
    private let group: UpstreamGroup
    private let settings: CheckSettings

    /// Nil: the group is not to be checked.
    package init?(_ group: UpstreamGroup, _ settings: DialSettings, loop: any EventLoop, names: any NameLookup) {
        guard let check = group.settings.check else { return nil }
        self.group = group
        self.settings = check
        var plain = settings
        plain.tls = nil
        plain.proxyHeader = .none
        let surroundings = DialSurroundings(plain, loop: loop, names: names) { TLSWorkspace(loop, plainAnswer: []) }
        let header = settings.proxyHeader.bytesForOurselves
        self.probes = group.settings.servers.indices.map { index in
            Probe(index, group, check, surroundings, header: header)
        }
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

/// The checks of one server, one after the other.
private final class Probe: TimerClient {
    private let index: Int
    private let group: UpstreamGroup
    private let settings: CheckSettings
    private let surroundings: DialSurroundings
    private let header: [UInt8]
    private var timer: TimerID?
    private weak var dial: ServerDial?

    init(
        _ index: Int, _ group: UpstreamGroup, _ settings: CheckSettings, _ surroundings: DialSurroundings,
        header: [UInt8]
    ) {
        self.index = index
        self.group = group
        self.settings = settings
        self.surroundings = surroundings
        self.header = header
    }

    func start(after span: UInt64) {
        self.timer = self.surroundings.loop.startTimer(self, at: self.surroundings.loop.now &+ span)
    }

    func stop() {
        if let timer = self.timer { self.surroundings.loop.stopTimer(timer) }
        self.timer = nil
        self.dial?.cancel()
        self.dial = nil
    }

    func timerFired() {
        self.timer = nil
        let nobody = ConnectRequest(client: .unix(path: ""))
        let dial = ServerDial(
            self.group.settings.servers[self.index], for: nobody, self.surroundings, self, span: self.settings.timeout)
        self.dial = dial
        dial.start()
    }

    private func finish() {
        self.dial = nil
        self.start(after: self.settings.interval)
    }
}

extension Probe: ServerDialClient {
    func serverReached(_ stream: any ByteStream, at address: SocketAddress) {
        let header = self.header
        if !header.isEmpty { stream.write(header.span) }
        stream.close()
        self.group.checked(self.index, failure: nil, self.settings)
        self.finish()
    }

    func serverMissed(_ failure: ConnectFailure) {
        switch failure {
        case .unreachable(let reason), .timedOut(let reason):
            self.group.checked(self.index, failure: reason, self.settings)
        case .unavailable, .unknownToken:
            // We have run out of something: that is no news of the server.
            break
        }
        self.finish()
    }
}
