import Testing
import Upstreams

@Suite struct UpstreamAddressTests {
    @Test(arguments: [
        ("127.0.0.1:5900", UpstreamAddress.host("127.0.0.1", port: 5900)),
        ("db.example:1", .host("db.example", port: 1)),
        ("my_container-2:65535", .host("my_container-2", port: 65535)),
        ("[::1]:80", .host("::1", port: 80)),
        ("[::]:80", .host("::", port: 80)),
        ("[1:2:3:4:5:6:7:8]:80", .host("1:2:3:4:5:6:7:8", port: 80)),
        ("[1:2:3::5:6:7:8]:80", .host("1:2:3::5:6:7:8", port: 80)),
        ("[1:2:3:4:5:6:1.2.3.4]:80", .host("1:2:3:4:5:6:1.2.3.4", port: 80)),
        ("x1:80", .host("x1", port: 80)),
        ("db.example.:80", .host("db.example.", port: 80)),
        ("[::ffff:10.0.0.1]:80", .host("::ffff:10.0.0.1", port: 80)),
        ("unix:/run/x.sock", .unix(path: "/run/x.sock")),
    ])
    func isRead(_ text: String, _ address: UpstreamAddress) throws {
        #expect(try UpstreamAddress(text) == address)
        #expect(address.description == text)
    }

    @Test(arguments: [
        ("", UpstreamAddressViolation.noPort),
        ("host", .noPort),
        ("[::1]", .noPort),
        ("[::1]80", .noPort),
        (":80", .badHost),
        ("-x:80", .badHost),
        (".x:80", .badHost),
        ("a b:80", .badHost),
        ("a/b:80", .badHost),
        ("user@host:80", .badHost),
        ("[host]:80", .badHost),
        ("[]:80", .badHost),
        ("1.2.3:80", .badHost),
        ("1.2.3.256:80", .badHost),
        ("1.2.3.04:80", .badHost),
        ("host.1:80", .badHost),
        ("80:80", .badHost),
        ("[1:2:3:4:5:6:7]:80", .badHost),
        ("[1:2:3:4:5:6:7:8:9]:80", .badHost),
        ("[1:2:3:4::5:6:7:8]:80", .badHost),
        ("[1::2::3]:80", .badHost),
        ("[:::]:80", .badHost),
        ("[12345::]:80", .badHost),
        ("[1.2.3.4::]:80", .badHost),
        ("[::1%lo]:80", .badHost),
        (String(repeating: "x", count: 254) + ":80", .badHost),
        ("::1:80", .noBrackets),
        ("[::1:80", .noClosingBracket),
        ("host:", .badPort),
        ("host:0", .badPort),
        ("host:65536", .badPort),
        ("host:+80", .badPort),
        ("host:080000", .badPort),
        ("host:8o", .badPort),
        ("unix:", .badPath),
        ("unix:run/x", .badPath),
        ("unix:/a\0b", .badPath),
        ("unix:/" + String(repeating: "x", count: 107), .badPath),
    ])
    func isRefused(_ text: String, _ violation: UpstreamAddressViolation) {
        #expect(throws: violation) { try UpstreamAddress(text) }
    }
}
