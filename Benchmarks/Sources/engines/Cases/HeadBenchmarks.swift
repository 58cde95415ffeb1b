internal import Addresses
internal import Forwarding
internal import HTTP1
internal import HTTPSemantics
internal import Routing
internal import WebSocket

/// What happens once a request: its head, its route, its handshake or its way to a server behind.
enum HeadBenchmarks {
    static func all() throws -> [Benchmark] {
        try self.parsing() + self.routing() + self.handshake() + self.forwarding()
    }

    private static func parsing() -> [Benchmark] {
        let requests = [("curl", Samples.curl), ("chromium", Samples.chromium), ("upgrade", Samples.chromiumUpgrade)]
        return requests.map { name, bytes in
            Benchmark("http1/request-head/\(name)", bytes: bytes.count, gives: bytes.count) {
                var parser = RequestHeadParser()
                return try parser.parse(bytes.span)?.bytesUsed ?? 0
            }
        } + [
            Benchmark("http1/response-head/nginx", bytes: Samples.nginx.count, gives: Samples.nginx.count) {
                var parser = ResponseHeadParser()
                return try parser.parse(Samples.nginx.span)?.bytesUsed ?? 0
            }
        ]
    }

    private static func routing() throws -> [Benchmark] {
        let one = RouteTable([(hosts: [], path: try PathPattern(text: "/*"))])
        var routes: [(hosts: [HostPattern], path: PathPattern)] = []
        for host in ["app.example.com", "*.example.org"] {
            for index in 0..<20 {
                routes.append(([try HostPattern(text: host)], try PathPattern(text: "/service\(index)/{name}/*")))
            }
        }
        let many = RouteTable(routes)
        return [
            Benchmark("routing/match/one-route", gives: 0) {
                one.match(host: "app.example.com", path: try RequestPath("/chat"))?.route ?? -1
            },
            Benchmark("routing/match/40-routes-of-2-hosts", gives: 39) {
                many.match(host: "eu.example.org", path: try RequestPath("/service19/blue/a/b"))?.route ?? -1
            },
        ]
    }

    private static func handshake() throws -> [Benchmark] {
        let head = try Self.request(Samples.chromiumUpgrade)
        let key = Array("dGhlIHNhbXBsZSBub25jZQ==".utf8)
        return [
            Benchmark("websocket/handshake/decide", gives: 28) {
                guard case .accepted(let value, _) = OpeningHandshake.decide(head) else { return 0 }
                return value.bytes.count
            },
            Benchmark("websocket/handshake/accept-value", gives: 28) {
                OpeningHandshake.acceptValue(forKey: key.span).bytes.count
            },
        ]
    }

    private static func forwarding() throws -> [Benchmark] {
        let requester = Requester(address: IPAddress(version4: "192.0.2.7"), isTLS: true)
        let rules = ForwardingRules()
        let exchanges: [(String, [UInt8], ForwardedRequest.Purpose)] = [
            ("curl", Samples.curl, .exchange), ("chromium", Samples.chromium, .exchange),
            ("upgrade", Samples.chromiumUpgrade, .upgrade),
        ]
        let requests = try exchanges.map { name, bytes, purpose in
            let head = try Self.request(bytes)
            let rewritten = ForwardedRequest(head, as: purpose, from: requester, to: "127.0.0.1:9000", by: rules)
            return Benchmark("forwarding/request/\(name)", bytes: bytes.count, gives: rewritten.bytes.count) {
                ForwardedRequest(head, as: purpose, from: requester, to: "127.0.0.1:9000", by: rules).bytes.count
            }
        }
        var parser = ResponseHeadParser()
        guard let answer = try parser.parse(Samples.nginx.span)?.head.head else { throw IncompleteSample() }
        // Connection is about the connection behind.
        let forwarded = answer.fields.count - 1
        return requests + [
            Benchmark("forwarding/answer/nginx", bytes: Samples.nginx.count, gives: forwarded) {
                ForwardedAnswer.head(answer, keepsLength: true, by: rules).fields.count
            }
        ]
    }

    private static func request(_ bytes: [UInt8]) throws -> RequestHead {
        var parser = RequestHeadParser()
        guard let head = try parser.parse(bytes.span)?.head else { throw IncompleteSample() }
        return head
    }
}

/// A head without its end.
struct IncompleteSample: Error {}
