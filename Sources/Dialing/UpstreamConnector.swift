package import IOCore
package import Transport

/// Connects the sessions of one route on one worker to its servers.
package final class UpstreamConnector: Connector {
    /// Where the servers come from; shared by all workers.
    package enum Target: Sendable {
        case group(UpstreamGroup)
        case tokens(TokenStore)
    }

    private let target: Target
    private let surroundings: DialSurroundings

    /// `makeWorkspace` is asked once, when a server is spoken to by TLS for the first time.
    package init(
        _ target: Target, _ settings: DialSettings, loop: any EventLoop, names: any NameLookup,
        makeWorkspace: @escaping () -> TLSWorkspace
    ) {
        self.target = target
        self.surroundings = DialSurroundings(settings, loop: loop, names: names, makeWorkspace: makeWorkspace)
    }

    package func drain() { self.surroundings.idle?.close() }

    package func connect(_ request: ConnectRequest, _ client: any ConnectClient) -> ConnectOutcome {
        guard request.mayReuse, let idle = self.surroundings.idle, case .group(let group) = self.target,
            let pick = try? group.pick(for: request, tried: [], now: self.surroundings.loop.now)
        else {
            let dial = GroupDial(self.target, request, self.surroundings, client)
            dial.start()
            return .underWay(dial)
        }
        if let connection = idle.take(pick) {
            group.succeeded(pick)
            return .reused(connection)
        }
        let dial = GroupDial(self.target, request, self.surroundings, client)
        dial.start(at: pick, of: group)
        return .underWay(dial)
    }
}
