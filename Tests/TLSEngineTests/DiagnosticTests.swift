import Testing
import TLSEngine
import TLSPeers

@Suite struct DiagnosticTests {
    private static let rubbish = NamedBytes("rubbish.pem", "no PEM at all\n")
    private static let key = NamedBytes("server.key", Fixture.serverKey)
    private static let chain = NamedBytes("server.pem", Fixture.server)

    private static func diagnose(
        _ identities: [TLSIdentity], _ change: (inout TLSSettings) -> Void = { _ in }
    ) throws -> [TLSDiagnostic] {
        var settings = TLSSettings()
        change(&settings)
        let built = ServerContexts.build(
            identities, settings, tickets: try #require(Peers.tickets), now: Peers.now)
        #expect((built.contexts == nil) == built.diagnostics.contains(where: \.isError))
        return built.diagnostics
    }

    @Test func whatIsWrongIsNamed() throws {
        let noStart = "no start line"
        #expect(
            try Self.diagnose([TLSIdentity(chain: Self.rubbish, key: Self.key)])
                == [.notACertificate(file: "rubbish.pem", reason: noStart)])
        let withRubbishKey = try Self.diagnose([TLSIdentity(chain: Self.chain, key: Self.rubbish)])
        guard case .notAKey(file: "rubbish.pem", _)? = withRubbishKey.first else {
            Issue.record("\(withRubbishKey)")
            return
        }
        #expect(
            try Self.diagnose([TLSIdentity(chain: Self.chain, key: NamedBytes("c.key", Fixture.clientKey))])
                == [.keyMismatch(key: "c.key", certificate: "server.pem")])
        #expect(
            try Self.diagnose([TLSIdentity(chain: Self.chain, key: NamedBytes("enc.key", Fixture.encryptedKey))])
                == [.encryptedKey(file: "enc.key")])
        let cut = NamedBytes("cut.pem", Fixture.server + "\n" + Fixture.authority.prefix(200))
        let broken = try Self.diagnose([TLSIdentity(chain: cut, key: Self.key)])
        guard case .brokenChain(file: "cut.pem", _)? = broken.first else {
            Issue.record("\(broken)")
            return
        }
    }

    @Test func expiryIsAWarning() throws {
        let expired = NamedBytes("old.pem", Fixture.expired)
        let found = try Self.diagnose([TLSIdentity(chain: expired, key: Self.key)])
        #expect(found == [.expired(file: "old.pem", days: 2205), .noNames(file: "old.pem")])
    }

    /// A name has one certificate of each kind of key: whoever named another one is told that nobody sees it.
    @Test func aCertificateBehindAnotherOneIsAWarning() throws {
        func identity(_ file: String, _ names: [String]) -> TLSIdentity {
            TLSIdentity(chain: NamedBytes(file, Fixture.server), key: Self.key, names: names)
        }
        let found = try Self.diagnose([
            identity("a.pem", ["a.example", "b.example"]), identity("b.pem", ["c.example"]),
            identity("c.pem", ["d.example", "C.example", "b.example"]), identity("d.pem", ["b.example"]),
        ])
        #expect(
            found == [
                .shadowed(file: "c.pem", names: ["b.example"], by: "a.pem"),
                .shadowed(file: "c.pem", names: ["c.example"], by: "b.pem"),
                .shadowed(file: "d.pem", names: ["b.example"], by: "a.pem"),
            ])
        let many = TLSDiagnostic.shadowed(file: "d.pem", names: ["a", "b", "c", "d", "e"], by: "a.pem")
        #expect(many.description.hasPrefix("d.pem: not shown to who asks for a, b, c and 2 more: a.pem, which"))
    }

    @Test func settingsAreToldOnce() throws {
        let two = [Fixture.serverIdentity, Fixture.serverIdentity]
        let ciphers = try Self.diagnose(two) { $0.ciphers = CipherChoice("ECDHE-NOT-THERE") }
        #expect(ciphers == [.badCiphers(reason: "no cipher match")])
        let suites = try Self.diagnose(two) { $0.ciphers = CipherChoice("TLS_NOT_THERE") }
        #expect(suites == [.badCiphers(reason: "no cipher match")])
        for text in ["", "rubbish", Fixture.authority + "\n" + Fixture.authority.prefix(100)] {
            let authorities = try Self.diagnose(two) {
                $0.verification = .optional(authorities: NamedBytes("ca.pem", text))
            }
            guard authorities.count == 1, case .badAuthorities(file: "ca.pem", _)? = authorities.first else {
                Issue.record("\(authorities)")
                continue
            }
        }
    }

    @Test func allAreFoundAtOnce() throws {
        let found = try Self.diagnose([
            TLSIdentity(chain: Self.rubbish, key: Self.key),
            TLSIdentity(chain: Self.chain, key: NamedBytes("c.key", Fixture.clientKey)),
        ])
        #expect(found.count == 2)
    }
}
