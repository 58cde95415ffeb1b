internal import HTTPConnection
internal import HTTPSemantics
internal import IOCore
internal import Routing
internal import SystemCalls
internal import Telemetry

/// A session whose child is being started: 101 goes out only when there is one.
final class PendingChild: LaunchClient {
    private let exchange: Exchange
    private let answer: HandshakeAnswer
    private let path: RoutedPath
    private let command: CommandSettings
    private let identity: SessionIdentity
    private let route: BridgeRoute
    private var ticket: (any LaunchTicket)?

    init(
        _ exchange: Exchange, _ answer: HandshakeAnswer, path: RoutedPath, command: CommandSettings,
        identity: SessionIdentity, route: BridgeRoute
    ) {
        self.exchange = exchange
        self.answer = answer
        self.path = path
        self.command = command
        self.identity = identity
        self.route = route
    }

    func launch() {
        self.ticket = self.command.launcher.launch(self)
        self.exchange.cancelled = { self.cancel() }
    }

    private func cancel() {
        self.ticket?.cancel()
        self.route.leavePlace(self.identity)
    }

    func makeRecipe() -> ChildRecipe {
        let environment = ChildEnvironment(
            self.exchange, at: self.path, common: self.route.environment,
            passesCookies: self.command.passesCookies)
        return ChildRecipe(
            id: (self.identity.id.high, self.identity.id.low),
            program: self.command.program, arguments: self.command.arguments,
            environment: environment.entries, channel: self.command.channel, settings: self.command.process)
    }

    func launched(_ child: any ChildProcess) {
        guard !self.route.isDraining else {
            child.abandon()
            self.route.leavePlace(self.identity)
            return self.route.refuseBusy(self.exchange, "server is going away")
        }
        self.exchange.upgrade(self.answer.makeHead()) { stream in
            let peer = ChildPeer(child, command: self.command)
            self.route.settings.tally.children.started &+= 1
            let session = self.route.makeSession(stream, peer, self.identity)
            peer.start(session)
            return session
        }
    }

    func launchFailed(_ reason: String) {
        self.route.settings.tally.children.startFailures &+= 1
        self.route.settings.log.write(
            .error, "program not started",
            [
                LogField("route", .string(self.route.settings.routeName)),
                LogField("id", .id(self.identity.id)),
                LogField("client", .string(self.identity.client.description)),
                LogField("reason", .string(reason)),
            ])
        self.route.leavePlace(self.identity)
        self.route.refuseBusy(self.exchange, "the program behind this address could not be started")
    }
}

extension CommandSettings {
    /// A terminal takes what goes to stderr too.
    fileprivate var channel: ChildRecipe.Channel {
        if self.usesTerminal { return .terminal(.standard) }
        switch self.errorPolicy {
        case .log, .client: return .pipes(errors: .pipe)
        case .discard: return .pipes(errors: .discard)
        case .inherit: return .pipes(errors: .inherit)
        }
    }
}
