import HTTPSemantics
import Testing

@Suite struct AuthorityTests {
    @Test(
        arguments: [
            ("localhost", "localhost", nil), ("Example.ORG:8080", "example.org", 8080),
            ("a_b-c.d:", "a_b-c.d", nil),
            ("127.0.0.1:1", "127.0.0.1", 1), ("[::1]", "::1", nil), ("[FE80::1]:65535", "fe80::1", 65535),
            ("[::]:", "::", nil), ("[::ffff:1.2.3.4]:0", "::ffff:1.2.3.4", 0), ("a:00080", "a", 80),
        ] as [(String, String, UInt16?)])
    func parses(_ text: String, _ host: String, _ port: UInt16?) throws {
        let authority = try #require(Authority(text))
        #expect(authority.host == host)
        #expect(authority.port == port)
    }

    @Test(arguments: [
        "", ":", ":80", "a:b", "a:65536", "a:000080", "a:+1", "a:-1", "a:1:2", "::1", "[::1", "::1]", "[]",
        "[::1]80",
        "[::1]a", "[a]", "[:]", "[::1%25eth0]", "[::g]", "user@host", "a b", "a/b", "a%41", "a,b", "\u{e9}",
        "a\u{0}",
        "a:8\u{660}", "[::1]:80:80", "a;b",
    ])
    func refuses(_ text: String) {
        #expect(Authority(text) == nil)
    }

    @Test(arguments: ["a", "a:1", "[::1]", "[::1]:8080"])
    func descriptionParsesBack(_ text: String) {
        #expect(Authority(text)?.description == text)
    }
}

@Suite struct HostRuleTests {
    private let rule = HostRule.loopback(names: ["Dev.Example"])

    @Test(arguments: [
        "localhost", "LOCALHOST:1", "127.0.0.1", "127.255.0.9:80", "[::1]:8080", "dev.example:3",
    ])
    func loopbackNamesAreAdmitted(_ host: String) {
        #expect(self.rule.admits(Authority(host)))
    }

    @Test(arguments: [
        "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.256", "127.0.0", "127.1",
        "127.0.0.1.", "127.0.0.0001", "0127.0.0.1", "128.0.0.1", "0.0.0.0", "[::]", "[::2]",
        "evil.dev.example",
        "127..0.1", "127.0.0.1.1",
    ])
    func reboundNamesAreRefused(_ host: String) {
        #expect(!self.rule.admits(Authority(host)))
    }

    @Test func missingHostIsRefusedOnLoopbackOnly() {
        #expect(!self.rule.admits(nil))
        #expect(HostRule.any.admits(nil))
        #expect(HostRule.any.admits(Authority("evil.example")))
    }
}
