import HTTPSemantics
import Testing

@testable import Server

@Suite struct RedirectTests {
    @Test(arguments: [
        ("/a?b", "host.example", 8443, "https://host.example:8443/a?b"),
        ("/", "host.example:80", 443, "https://host.example/"),
        ("*", "host.example", 443, "https://host.example/"),
        ("//x/..%2F?", "[::1]:80", 1, "https://[::1]:1//x/..%2F?"),
        ("/a", nil, 443, nil),
    ] as [(String, String?, UInt16, String?)])
    func theSameAddressByHTTPS(_ target: String, host: String?, port: UInt16, location: String?) {
        let head = RequestHead(method: "GET", target: target, authority: host.flatMap { Authority($0) })
        let fields = Redirect(port: port).fields(for: head)
        #expect(fields?.first("Location")?.string == location)
    }
}
