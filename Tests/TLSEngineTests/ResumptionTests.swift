import Testing
import TLSEngine
import TLSPeers

@Suite struct ResumptionTests {
    private static func key(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: TicketKeys.keyBytes) }

    private static func contexts(_ tickets: TicketKeys, _ settings: TLSSettings = TLSSettings()) -> ServerContexts? {
        ServerContexts.build([Fixture.serverIdentity], settings, tickets: tickets, now: Peers.now).contexts
    }

    /// The session of a connection that went well.
    private static func session(
        _ contexts: ServerContexts, _ context: ClientContext, resuming session: [UInt8]? = nil, expect isResumed: Bool
    ) throws -> [UInt8] {
        let peers = try #require(Peers(contexts, context, session: session))
        peers.settle()
        #expect(peers.client.state == .open)
        #expect(peers.server.isResumed == isResumed)
        #expect(peers.client.isResumed == isResumed)
        let left = peers.client.session
        return try #require(left)
    }

    /// A ticket of one worker is good for all, and for three turns of the keys.
    @Test(arguments: TLSVersion.allCases)
    func ticketsLiveWhileTheirKeyDoes(_ version: TLSVersion) throws {
        let tickets = try #require(TicketKeys(Self.key(1)))
        let context = try Peers.context { $0.versionMax = version }
        let contexts = try #require(Self.contexts(tickets))
        let first = try Self.session(contexts, context, expect: false)
        // Another context over the same keys, as after a change of certificates.
        let changed = try #require(Self.contexts(tickets))
        _ = try Self.session(changed, context, resuming: first, expect: true)
        tickets.rotate(Self.key(2))
        let second = try Self.session(contexts, context, resuming: first, expect: true)
        tickets.rotate(Self.key(3))
        _ = try Self.session(contexts, context, resuming: first, expect: true)
        tickets.rotate(Self.key(4))
        _ = try Self.session(contexts, context, resuming: first, expect: false)
        _ = try Self.session(contexts, context, resuming: second, expect: true)
    }

    @Test func aSessionIsNotTakenOverWhereClientsAreChecked() throws {
        let tickets = try #require(TicketKeys(Self.key(1)))
        let open = try #require(Self.contexts(tickets))
        var settings = TLSSettings()
        settings.verification = .required(authorities: Fixture.authorities)
        let checked = try #require(Self.contexts(tickets, settings))
        let context = try Peers.context(identity: Fixture.clientIdentity)
        let anonymous = try Self.session(open, context, expect: false)
        let named = try Self.session(checked, context, resuming: anonymous, expect: false)
        let peers = try #require(Peers(checked, context, session: named))
        peers.settle()
        #expect(peers.server.isResumed == true)
        #expect(peers.server.peerSubject == #"CN=Ada L\C3\B6ve,O=Example\, Inc."#)
    }

    @Test func rubbishIsAFullHandshake() throws {
        let tickets = try #require(TicketKeys(Self.key(1)))
        let contexts = try #require(Self.contexts(tickets))
        _ = try Self.session(contexts, try Peers.context(), resuming: [1, 2, 3], expect: false)
    }
}
