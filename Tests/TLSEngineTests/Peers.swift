import TLSEngine
import TLSPeers

/// A client and a server in memory, with the bytes between them in the test's hands.
final class Peers {
    static let now: Int64 = 1_800_000_000
    static let tickets = TicketKeys([UInt8](repeating: 7, count: TicketKeys.keyBytes))

    var client: TLSEngine
    var server: TLSEngine
    var toServer: [UInt8] = []
    var toClient: [UInt8] = []
    var clientHeard: [UInt8] = []
    var serverHeard: [UInt8] = []

    init?(
        _ contexts: ServerContexts, _ context: ClientContext, serverName: String = "a.example",
        session: [UInt8]? = nil
    ) {
        guard let client = TLSEngine(context, serverName: serverName, session: session),
            let server = TLSEngine(contexts)
        else { return nil }
        self.client = client
        self.server = server
    }

    /// A pair that trusts each other, by default settings.
    convenience init?() {
        guard let contexts = Self.contexts(), let context = try? Self.context() else { return nil }
        self.init(contexts, context)
    }

    static func contexts(_ change: (inout TLSSettings) -> Void = { _ in }) -> ServerContexts? {
        var settings = TLSSettings()
        change(&settings)
        guard let tickets = Self.tickets else { return nil }
        return ServerContexts.build([Fixture.serverIdentity], settings, tickets: tickets, now: Self.now).contexts
    }

    static func context(
        identity: TLSIdentity? = nil, _ change: (inout TLSSettings) -> Void = { _ in }
    ) throws(TLSDiagnostic) -> ClientContext {
        var settings = TLSSettings()
        settings.verification = .required(authorities: Fixture.authorities)
        change(&settings)
        return try ClientContext(settings, identity: identity)
    }

    /// Hands bytes over, `cut` at a time, until both have nothing to say.
    func settle(cut: Int = .max) {
        Self.feed(&self.client, [], &self.toServer, &self.clientHeard, outputMax: 65_536)
        var isBusy = true
        while isBusy {
            isBusy = false
            while !self.toServer.isEmpty {
                isBusy = true
                let piece = Array(self.toServer.prefix(cut))
                self.toServer.removeFirst(piece.count)
                Self.feed(&self.server, piece, &self.toClient, &self.serverHeard)
            }
            while !self.toClient.isEmpty {
                isBusy = true
                let piece = Array(self.toClient.prefix(cut))
                self.toClient.removeFirst(piece.count)
                Self.feed(&self.client, piece, &self.toServer, &self.clientHeard)
            }
        }
    }

    /// One engine takes `input`.
    static func feed(
        _ engine: inout TLSEngine, _ input: [UInt8], _ out: inout [UInt8], _ heard: inout [UInt8],
        plaintextMax: Int = 1000, outputMax: Int = 700
    ) {
        let all = engine.take(input, plaintextMax: plaintextMax, outputMax: outputMax)
        heard += all.heard
        out += all.output
    }

    static func finish(_ engine: inout TLSEngine) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 100)
        var span = output.mutableSpan
        let progress = engine.finish(output: &span)
        return Array(output.prefix(progress.outputCount))
    }
}
