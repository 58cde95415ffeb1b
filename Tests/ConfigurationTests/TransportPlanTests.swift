@testable import Configuration
import Testing

@Suite struct TransportPlanTests {
    private static func check(_ settings: (OptionName, String)...) -> Result<CheckedPlan, Diagnostics> {
        PlanDraft(settings: settings.map { Setting($0.0, $0.1) }, words: ["x"]).check()
    }

    @Test func nothingGivenIsPlain() throws {
        let plan = try Self.check().get().plan
        #expect(plan.listeners[0].transport == TransportPlan())
        #expect(plan.listeners[0].transport.tls == nil)
    }

    @Test func certificatesAndKeysArePairedInTheirOrder() throws {
        let plan = try Self.check((.tlsCert, "a"), (.tlsKey, "b"), (.tlsCert, "c"), (.tlsKey, "d")).get().plan
        let tls = try #require(plan.listeners[0].transport.tls)
        #expect(
            tls.certificates
                == .files([CertificateFiles(chain: "a", key: "b"), CertificateFiles(chain: "c", key: "d")]))
        #expect(tls.versionMin == .tls12)
        #expect(tls.clientAuthorities == nil)
    }

    @Test func aSelfSignedCertificateIsForTheHostsToo() throws {
        let plan = try Self.check((.tls, "self-signed"), (.host, "box.example")).get().plan
        #expect(plan.listeners[0].transport.tls?.certificates == .selfSigned(names: ["box.example"]))
    }

    @Test(arguments: [
        (nil, "ca", true), ("required", "ca", true), ("optional", "ca", false), ("off", nil, false),
    ] as [(String?, String?, Bool)])
    func clientsMustShowACertificateWhereAuthoritiesAreNamed(
        _ mode: String?, authorities: String?, isRequired: Bool
    ) throws {
        var settings = [Setting(.tls, "self-signed"), Setting(.tlsClientCA, "ca")]
        if let mode { settings.append(Setting(.tlsClientAuth, mode)) }
        let plan = try PlanDraft(settings: settings, words: ["x"]).check().get().plan
        let tls = try #require(plan.listeners[0].transport.tls)
        #expect(tls.clientAuthorities == authorities)
        #expect(tls.requiresCertificate == isRequired)
    }

    @Test func aRedirectIsPlainAndServesNobody() throws {
        let plan = try Self.check((.tls, "self-signed"), (.proxyProtocol, "required"), (.tlsRedirect, "127.0.0.1:80"))
            .get().plan
        #expect(plan.listeners.map(\.address) == [.standard, try ListenAddress(parsing: "127.0.0.1:80")])
        #expect(plan.listeners.map(\.redirect) == [nil, .firstListener])
        #expect(plan.listeners[1].transport.tls == nil)
        #expect(plan.listeners[1].transport.proxyHeader == .required)
    }

    @Test(arguments: [
        ("https", HTTPSRedirect.firstListener), ("https:443", .port(443)), ("https:", nil), ("https:0", nil),
        ("https:65536", nil), ("https://a", nil), ("http", nil), ("", nil), ("https:1:2", nil),
    ] as [(String, HTTPSRedirect?)])
    func whereARedirectLeads(_ text: String, expected: HTTPSRedirect?) {
        #expect((try? HTTPSRedirect(parsing: text)) == expected)
        #expect(expected.map(\.description) ?? text == text)
    }

    /// Where something was written makes no other plan of it: a reload would change every listener.
    @Test func provenanceMakesNoDifference() {
        #expect(Provenance(nil) == Provenance(Setting(.port, "1")))
    }

    @Test(arguments: [
        ([(.tlsCert, "a")], "certificates and keys come in pairs"),
        ([(.tlsKey, "a")], "certificates and keys come in pairs"),
        ([(.tls, "self-signed"), (.tlsCert, "a"), (.tlsKey, "b")], "a certificate is given too"),
        ([(.tls, "on")], "unknown value"),
        ([(.tls, "self-signed"), (.tlsClientAuth, "optional")], "nothing says whom certificates of clients come from"),
        ([(.tlsCiphers, "x")], "has no effect without TLS"),
        ([(.tlsMinVersion, "1.3")], "has no effect without TLS"),
        ([(.tlsClientCA, "ca")], "has no effect without TLS"),
        ([(.tlsCert, ""), (.tlsKey, "b")], "says nothing"),
        ([(.proxyProtocol, "optional")], "unknown value"),
        ([(.tls, "off"), (.tlsCert, "a"), (.tlsKey, "b")], "a certificate is given too"),
        ([(.tls, "off"), (.tlsMinVersion, "1.3")], "has no effect without TLS"),
        ([(.tlsRedirect, "127.0.0.1:80")], "there is no port with TLS that clients could be sent to"),
        (
            [(.tls, "self-signed"), (.listen, "unix:/a"), (.tlsRedirect, "127.0.0.1:80")],
            "there is no port with TLS that clients could be sent to"
        ),
        (
            [(.tls, "self-signed"), (.listen, "127.0.0.1:80"), (.tlsRedirect, "127.0.0.1:80")],
            "127.0.0.1:80 is there twice"
        ),
    ] as [([(OptionName, String)], String)])
    func whatIsWrongIsNamed(_ settings: [(OptionName, String)], problem: String) {
        let draft = PlanDraft(settings: settings.map { Setting($0.0, $0.1) }, words: ["x"])
        guard case .failure(let diagnostics) = draft.check() else {
            Issue.record("\(settings) was taken")
            return
        }
        #expect(diagnostics.entries.contains { $0.problem == problem }, "\(diagnostics.entries)")
    }
}
