import SimulatedIO
import SystemCalls
import TLSEngine
import TLSPeers

/// The far end of a simulated connection as a TLS server that sends back what it is sent.
final class TLSServerEnd {
    /// Bytes before TLS: a PROXY header of this length.
    private let headerBytes: Int
    private let end: SimulatedClient
    private(set) var engine: TLSEngine
    private(set) var heard: [UInt8] = []
    private var used = 0

    init?(_ end: SimulatedClient, _ contexts: ServerContexts, headerBytes: Int = 0) {
        guard let engine = TLSEngine(contexts) else { return nil }
        self.end = end
        self.engine = engine
        self.headerBytes = headerBytes
        end.react = { [unowned self] in self.step() }
    }

    var header: [UInt8] { Array(self.end.received.prefix(self.headerBytes)) }

    private func step() {
        guard self.end.received.count > self.headerBytes else { return }
        let input = Array(self.end.received.dropFirst(self.headerBytes + self.used))
        self.used += input.count
        let all = self.engine.take(input)
        if !all.output.isEmpty { self.end.send(all.output) }
        guard !all.heard.isEmpty else { return }
        self.heard += all.heard
        self.end.send(self.engine.sealed(all.heard))
    }
}

/// Contexts of servers and of us, by a certificate that is made at start.
enum Secrets {
    static let now = Int64(Clock.wall / 1_000_000_000)
    /// For `localhost`, `127.0.0.1`, `::1` and these.
    static let identity = SelfSigned.make(names: ["db.example", "10.0.0.1"], now: Secrets.now)
    static let stranger = SelfSigned.make(names: ["db.example"], now: Secrets.now)

    static func server(_ change: (inout TLSSettings) -> Void = { _ in }) -> ServerContexts? {
        guard let identity = Self.identity, let tickets = TicketKeys([UInt8](repeating: 7, count: TicketKeys.keyBytes))
        else { return nil }
        var settings = TLSSettings()
        settings.protocols = []
        change(&settings)
        return ServerContexts.build([identity], settings, tickets: tickets, now: Self.now).contexts
    }

    /// Trusts `identity`, or the stranger.
    static func client(
        trusting authority: TLSIdentity? = Secrets.identity, as own: TLSIdentity? = nil,
        _ change: (inout TLSSettings) -> Void = { _ in }
    ) throws -> ClientContext {
        var settings = TLSSettings()
        settings.protocols = []
        if let authority { settings.verification = .required(authorities: authority.chain) }
        change(&settings)
        return try ClientContext(settings, identity: own)
    }
}
