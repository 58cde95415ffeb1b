import HTTPSemantics
import Testing

@Suite struct OriginRuleTests {
    struct SameOriginRow: Sendable, CustomTestStringConvertible {
        let origin: String?
        let host: String
        var isTLS = false
        let admitted: Bool
        var testDescription: String { "\(self.origin ?? "-") at \(self.isTLS ? "TLS " : "")\(self.host)" }
    }

    @Test(arguments: [
        SameOriginRow(origin: nil, host: "a", admitted: true),
        SameOriginRow(origin: "http://a", host: "a", admitted: true),
        SameOriginRow(origin: "http://a", host: "a:80", admitted: true),
        SameOriginRow(origin: "http://a:80", host: "a", admitted: true),
        SameOriginRow(origin: "HTTP://A:8080", host: "a:8080", admitted: true),
        SameOriginRow(origin: "https://a", host: "a", isTLS: true, admitted: true),
        SameOriginRow(origin: "https://a", host: "a:443", isTLS: true, admitted: true),
        SameOriginRow(origin: "http://[::1]:8080", host: "[::1]:8080", admitted: true),
        SameOriginRow(origin: "https://a", host: "a", admitted: false),
        SameOriginRow(origin: "http://a", host: "a", isTLS: true, admitted: false),
        SameOriginRow(origin: "http://a", host: "a:443", isTLS: true, admitted: false),
        SameOriginRow(origin: "http://a", host: "a:8080", admitted: false),
        SameOriginRow(origin: "http://a:8081", host: "a:8080", admitted: false),
        SameOriginRow(origin: "http://b.a", host: "a", admitted: false),
        SameOriginRow(origin: "http://a.evil", host: "a", admitted: false),
        SameOriginRow(origin: "null", host: "a", admitted: false),
        SameOriginRow(origin: "null", host: "null", admitted: false),
        SameOriginRow(origin: "", host: "a", admitted: false),
        SameOriginRow(origin: "http://a/", host: "a", admitted: false),
        SameOriginRow(origin: "http://a http://a", host: "a", admitted: false),
        SameOriginRow(origin: "http://evil@a", host: "a", admitted: false),
        SameOriginRow(origin: "ws://a", host: "a", admitted: false),
        SameOriginRow(origin: "a", host: "a", admitted: false),
    ])
    func sameOrigin(_ row: SameOriginRow) {
        let admitted = OriginRule.sameOrigin.admits(
            origin: row.origin, authority: Authority(row.host), isTLS: row.isTLS)
        #expect(admitted == row.admitted)
    }

    @Test func sameOriginNeedsAHost() {
        #expect(!OriginRule.sameOrigin.admits(origin: "http://a", authority: nil, isTLS: false))
        #expect(OriginRule.sameOrigin.admits(origin: nil, authority: nil, isTLS: false))
    }

    @Test(arguments: [
        ("app.example", "http://app.example", true), ("app.example", "https://app.example:8443", true),
        ("app.example", "https://x.app.example", false), ("App.Example", "https://app.example", true),
        ("app.example:443", "https://app.example", true), ("app.example:443", "http://app.example", false),
        ("https://app.example", "https://app.example", true),
        ("https://app.example", "https://app.example:443", true),
        ("https://app.example", "https://app.example:8443", false),
        ("https://app.example", "http://app.example", false),
        ("https://app.example:8443", "https://app.example:8443", true), ("[::1]:80", "http://[::1]", true),
        ("tauri://localhost", "tauri://localhost", true), ("tauri://localhost", "http://localhost", false),
        ("app.example", "null", false), ("app.example", "", false),
    ])
    func list(_ pattern: String, _ origin: String, _ admitted: Bool) throws {
        let rule = OriginRule.list([
            try OriginPattern(parsing: "other.example"), try OriginPattern(parsing: pattern),
        ])
        #expect(rule.admits(origin: origin, authority: Authority("elsewhere"), isTLS: false) == admitted)
    }

    @Test func listAdmitsWhatIsNoBrowser() {
        #expect(OriginRule.list([]).admits(origin: nil, authority: nil, isTLS: false))
        #expect(!OriginRule.list([]).admits(origin: "http://a", authority: Authority("a"), isTLS: false))
    }

    @Test(arguments: [
        ("", OriginPatternError.empty), ("null", .nullOrigin), ("*", .wildcard), ("*.example.org", .wildcard),
        ("https://a/", .hasPath), ("a/b", .hasPath), ("https://", .malformed), ("a b", .malformed),
        ("a:99999", .malformed), ("://a", .hasPath), ("http:a", .malformed),
    ])
    func badPatternIsRefused(_ text: String, _ error: OriginPatternError) {
        #expect(throws: error) { try OriginPattern(parsing: text) }
    }

    @Test func severalOriginFieldsAreRefused() {
        var head = RequestHead(
            method: "GET", target: "/", authority: Authority("a"), fields: ["Origin": "http://a"])
        #expect(OriginRule.sameOrigin.admits(head, isTLS: false))
        head.fields.append("origin", "http://a")
        #expect(!OriginRule.sameOrigin.admits(head, isTLS: false))
        #expect(OriginRule.any.admits(head, isTLS: false))
    }

    @Test func anyAdmitsNull() {
        #expect(OriginRule.any.admits(origin: "null", authority: nil, isTLS: false))
    }
}
