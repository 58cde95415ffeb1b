import ProxyProtocol
import Testing

@Suite struct DistinguishedNameTests {
    @Test(arguments: [
        ("CN=alice", "alice" as String?),
        (#"CN=Ada L\C3\B6ve,O=Example\, Inc."#, "Ada L\u{f6}ve"),
        ("O=x,CN=bob,CN=eve", "bob"),
        ("UID=1+CN=bob,O=x", "bob"),
        (#"CN=a\,CN\=b,O=x"#, "a,CN=b"),
        (#"O=x\,CN=eve"#, nil),
        (#"CN=\"#, #"\"#),
        ("CN=#0403", nil),
        ("CN=", nil),
        ("O=CN=x", nil),
        ("", nil),
    ])
    func theCommonNameIsFound(_ subject: String, _ name: String?) {
        #expect(DistinguishedName.commonName(of: subject) == name)
    }
}
