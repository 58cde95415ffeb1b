import Testing
import TLSEngine
import TLSPeers

@Suite struct CertificateTests {
    @Test func theClientChecksTheName() throws {
        let contexts = try #require(Peers.contexts())
        let context = try Peers.context()
        let rows = [("a.example", true), ("x.b.example", true), ("b.example", false), ("x.y.b.example", false)]
        for (name, isGood) in rows {
            let peers = try #require(Peers(contexts, context, serverName: name))
            peers.settle()
            #expect((peers.client.state == .open) == isGood, "\(name)")
            guard !isGood else { continue }
            #expect(peers.client.state == .failed(.certificate("certificate verify failed: hostname mismatch")))
            #expect(peers.server.state == .failed(.alert("sslv3 alert bad certificate")))
        }
    }

    @Test func clientsShowACertificateWhereAsked() throws {
        let required = try #require(Peers.contexts { $0.verification = .required(authorities: Fixture.authorities) })
        let optional = try #require(Peers.contexts { $0.verification = .optional(authorities: Fixture.authorities) })
        for contexts in [required, optional] {
            let peers = try #require(Peers(contexts, try Peers.context(identity: Fixture.clientIdentity)))
            peers.settle()
            #expect(peers.server.state == .open)
            #expect(peers.server.peerSubject == #"CN=Ada L\C3\B6ve,O=Example\, Inc."#)
        }
        let anonymous = try #require(Peers(optional, try Peers.context()))
        anonymous.settle()
        #expect(anonymous.server.state == .open)
        #expect(anonymous.server.peerSubject == nil)
        let refused = try #require(Peers(required, try Peers.context()))
        refused.settle()
        #expect(refused.server.state == .failed(.certificate("peer did not return a certificate")))
    }

    @Test func aClientOfAnotherAuthorityIsRefusedEvenWhereOptional() throws {
        let stranger = try #require(SelfSigned.make(names: [], now: 1_700_000_000))
        let optional = try #require(Peers.contexts { $0.verification = .optional(authorities: Fixture.authorities) })
        let peers = try #require(Peers(optional, try Peers.context(identity: stranger)))
        peers.settle()
        guard case .failed(.certificate(let reason)) = peers.server.state else {
            Issue.record("\(peers.server.state)")
            return
        }
        #expect(reason.hasPrefix("certificate verify failed: "))
    }

    @Test func theNameChoosesTheCertificate() throws {
        let own = try #require(SelfSigned.make(names: ["own.example"], now: 1_790_000_000))
        let tickets = try #require(Peers.tickets)
        let built = ServerContexts.build([own, Fixture.serverIdentity], TLSSettings(), tickets: tickets, now: Peers.now)
        #expect(built.diagnostics.filter(\.isError).isEmpty)
        let contexts = try #require(built.contexts)
        #expect(contexts.names == ["*.b.example", "a.example", "localhost", "own.example"])
        for (name, isSecond) in [("A.Example", true), ("x.b.example", true), ("b.example", false), ("else", false)] {
            let peers = try #require(Peers(contexts, try Peers.context(), serverName: name))
            peers.settle()
            #expect((peers.client.state == .open) == isSecond, "\(name)")
        }
    }

    @Test func namesGivenByTheOperatorCount() throws {
        let own = try #require(SelfSigned.make(names: [], now: 1_790_000_000))
        let tickets = try #require(Peers.tickets)
        let fixture = Fixture.serverIdentity
        let other = TLSIdentity(chain: fixture.chain, key: fixture.key, names: ["a.example"])
        let contexts = ServerContexts.build([own, other], TLSSettings(), tickets: tickets, now: Peers.now).contexts
        #expect(try #require(contexts).names == ["a.example", "localhost"])
    }

    @Test func aSelfSignedCertificateIsTrustedByWhomItIsGivenTo() throws {
        let now = Peers.now
        let own = try #require(SelfSigned.make(names: ["box.example", "192.0.2.7"], now: now))
        let tickets = try #require(Peers.tickets)
        let built = ServerContexts.build([own], TLSSettings(), tickets: tickets, now: now)
        #expect(built.diagnostics.isEmpty)
        let contexts = try #require(built.contexts)
        #expect(contexts.fingerprint.description.split(separator: ":").count == 32)
        let settled = ServerContexts.build([own], TLSSettings(), tickets: tickets, now: now + 31 * 86_400)
        #expect(settled.diagnostics == [.expired(file: "self-signed certificate", days: 1)])
        #expect(SelfSigned.make(names: ["a\nb"], now: now) == nil)
    }
}
