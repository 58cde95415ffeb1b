import Addresses
import Forwarding
import HTTPSemantics
import Testing

/// A request, the rules, and what the server gets.
struct RequestRow: Sendable, CustomTestStringConvertible {
    let name: String
    let fields: HeaderFields
    var rules = ForwardingRules()
    var purpose = ForwardedRequest.Purpose.exchange
    var target = "/a?b"
    var body = RequestBody.none
    let lines: [String]

    var testDescription: String { self.name }
}

private func rules(_ change: (inout ForwardingRules) -> Void) -> ForwardingRules {
    var rules = ForwardingRules()
    change(&rules)
    return rules
}

@Suite struct ForwardedRequestTests {
    private static let told = [
        "X-Forwarded-For: 10.1.2.3", "X-Forwarded-Proto: http", "X-Forwarded-Host: app:81",
        "Forwarded: for=10.1.2.3;host=\"app:81\";proto=http",
    ]

    static let rows: [RequestRow] = [
        RequestRow(name: "as it is", fields: ["Host": "app:81", "Origin": "x", "Cookie": "a=b"],
            lines: ["Origin: x", "Cookie: a=b"] + told),
        RequestRow(
            name: "what Connection names goes", fields: ["Connection": "x-a, close", "X-A": "1", "X-B": "2"],
            lines: ["X-B: 2"] + told),
        RequestRow(
            name: "what is about the connection goes",
            fields: [
                "Keep-Alive": "5", "Proxy-Connection": "x", "TE": "gzip", "Upgrade": "h2c", "HTTP2-Settings": "AAA",
                "Proxy-Authorization": "x",
            ], lines: told),
        RequestRow(
            name: "naming our own fields removes nothing of ours",
            fields: ["Connection": "X-Forwarded-For, X-Forwarded-Proto, Forwarded, Host"], lines: told),
        RequestRow(
            name: "what a stranger says of itself goes",
            fields: [
                "X-Forwarded-For": "1.1.1.1", "X_Forwarded_For": "2.2.2.2", "Forwarded": "for=3.3.3.3",
                "X-Real-IP": "4.4.4.4", "X-Forwarded-Port": "1", "X-Forwarded-Host": "evil",
            ], lines: told),
        RequestRow(
            name: "what a trusted proxy says is kept and continued",
            fields: [
                "X-Forwarded-For": "1.1.1.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shown",
                "Forwarded": "for=1.1.1.1", "X-Real-IP": "1.1.1.1",
            ],
            rules: rules { $0.trustedProxies = [AddressBlock("10.0.0.0/8")].compactMap(\.self) },
            lines: [
                "X-Real-IP: 1.1.1.1", "X-Forwarded-For: 1.1.1.1, 10.1.2.3", "X-Forwarded-Proto: https",
                "X-Forwarded-Host: shown", "Forwarded: for=1.1.1.1, for=10.1.2.3;host=\"app:81\";proto=http",
            ]),
        RequestRow(
            name: "a handshake has its capitals",
            fields: ["connection": "keep-alive, upgrade", "upgrade": "WebSocket", "Sec-WebSocket-Key": "k"],
            purpose: .upgrade,
            lines: ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: k"] + told),
        RequestRow(
            name: "a length", fields: ["Content-Length": "5"], body: .length(5), lines: ["Content-Length: 5"] + told),
        RequestRow(
            name: "no bytes are a length too", fields: ["Content-Length": "0"], lines: ["Content-Length: 0"] + told),
        RequestRow(
            name: "chunks", fields: ["Transfer-Encoding": "chunked"], body: .chunked,
            lines: ["Transfer-Encoding: chunked"] + told),
        RequestRow(
            name: "trailers are asked for", fields: ["TE": "trailers", "Connection": "TE"],
            lines: ["Connection: TE", "TE: trailers"] + told),
        RequestRow(
            name: "edits come last", fields: ["A": "1", "B": "2"],
            rules: rules {
                $0.requestEdits = [.set("A", "3"), .remove("b"), .add("C", "4"), .set("X-Forwarded-Proto", "ftp")]
            },
            lines: [
                "X-Forwarded-For: 10.1.2.3", "X-Forwarded-Host: app:81",
                "Forwarded: for=10.1.2.3;host=\"app:81\";proto=http", "A: 3", "C: 4", "X-Forwarded-Proto: ftp",
            ]),
        RequestRow(
            name: "edits of the same field, one after the other, and of ours", fields: ["A": "1", "a": "2", "B": "3"],
            rules: rules {
                $0.requestEdits = [
                    .add("A", "4"), .remove("A"), .add("A", "5"), .add("b", "6"), .remove("Forwarded"),
                    .remove("X-Forwarded-For"),
                ]
            },
            lines: ["B: 3", "X-Forwarded-Proto: http", "X-Forwarded-Host: app:81", "A: 5", "b: 6"]),
    ]

    @Test(arguments: rows)
    func theServerGets(_ row: RequestRow) {
        var fields = row.fields
        if !fields.contains("Host") { fields.append("Host", "app:81") }
        let head = RequestHead(
            method: "GET", target: row.target, authority: Authority("app:81"), fields: fields, body: row.body)
        let requester = Requester(address: IPAddress(version4: "10.1.2.3"), isTLS: false)
        let request = ForwardedRequest(head, as: row.purpose, from: requester, to: "127.0.0.1:3000", by: row.rules)
        let text = String(decoding: request.bytes, as: UTF8.self)
        #expect(text == (["GET /a?b HTTP/1.1", "Host: app:81"] + row.lines).joined(separator: "\r\n") + "\r\n\r\n")
    }

    @Test func theHostIsChosen() {
        let head = RequestHead(method: "GET", target: "/", authority: Authority("app:81"), fields: ["Host": "App:81"])
        let requester = Requester(address: IPAddress(version6: "2001:db8::1"), isTLS: true)
        for (choice, host) in [
            (ForwardingRules.HostChoice.client, "App:81"), (.server, "127.0.0.1:3000"), (.named("inner"), "inner"),
        ] {
            let request = ForwardedRequest(
                head, as: .exchange, from: requester, to: "127.0.0.1:3000", by: rules { $0.host = choice })
            let lines = String(decoding: request.bytes, as: UTF8.self).split(separator: "\r\n")
            #expect(lines[1] == "Host: \(host)")
            #expect(lines.contains("X-Forwarded-Host: App:81"))
            #expect(lines.contains("Forwarded: for=\"[2001:db8::1]\";host=\"App:81\";proto=https"))
        }
    }

    @Test(arguments: [
        ("/api/x", "/x", "/api"), ("/api", "/", "/api"), ("/api/", "/", "/api"), ("/apiary", "/apiary", nil),
        ("/old/y", "/new/y", nil), ("/old", "/new", nil), ("/api/old/z", "/new/z", "/api"), ("*", "*", nil),
    ] as [(String, String, String?)])
    func pathsAreChanged(_ path: String, _ expected: String, _ prefix: String?) {
        let changed = ForwardedRequest.path(
            path,
            rules {
                $0.strippedPrefix = "/api"
                $0.rewrites = [PathRewrite(from: "/old", to: "/new")]
            })
        #expect(changed.path == expected)
        #expect(changed.prefix == prefix)
    }
}

@Suite struct ForwardedAnswerTests {
    @Test func whatIsAboutTheConnectionGoes() throws {
        let head = ResponseHead(
            status: .ok,
            fields: [
                "Connection": "keep-alive, X-Inner", "X-Inner": "1", "Keep-Alive": "5", "Content-Length": "5",
                "Transfer-Encoding": "chunked", "Set-Cookie": "a", "Set-Cookie": "b", "Server": "x",
            ])
        let forwarded = ForwardedAnswer.head(
            head, keepsLength: true, by: rules { $0.responseEdits = [.remove("Server"), .add("X-Via", "us")] })
        #expect(forwarded.fields == ["Content-Length": "5", "Set-Cookie": "a", "Set-Cookie": "b", "X-Via": "us"])
        let framedAnew = ForwardedAnswer.head(head, keepsLength: false, by: ForwardingRules())
        #expect(!framedAnew.fields.contains("Content-Length"))
    }

    /// BEHAVIOUR section 6: nginx, HAProxy and Caddy open a tunnel on some of these.
    @Test(arguments: [
        (["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": "right"], true),
        (["upgrade": "WebSocket", "connection": "keep-alive, upgrade", "sec-websocket-accept": "right"], true),
        (["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": "wrong"], false),
        (["Upgrade": "websocket", "Connection": "Upgrade"], false),
        (["Upgrade": "h2c", "Connection": "Upgrade", "Sec-WebSocket-Accept": "right"], false),
        (["Upgrade": "websocket, h2c", "Connection": "Upgrade", "Sec-WebSocket-Accept": "right"], false),
        (["Upgrade": "websocket", "Sec-WebSocket-Accept": "right"], false),
        (["Connection": "Upgrade", "Sec-WebSocket-Accept": "right"], false),
        (
            [
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": "right",
                "Sec-WebSocket-Accept": "right",
            ], false
        ),
    ] as [(HeaderFields, Bool)])
    func onlyAProper101OpensATunnel(_ fields: HeaderFields, _ isProper: Bool) {
        let head = ResponseHead(status: .switchingProtocols, fields: fields)
        #expect((ForwardedAnswer.obstacle(toSwitching: head, acceptValue: "right") == nil) == isProper)
    }

    @Test func extraFieldsOfThe101GoAlong() {
        let head = ResponseHead(
            status: .switchingProtocols,
            fields: [
                "connection": "upgrade", "upgrade": "WEBSOCKET", "Sec-WebSocket-Accept": "a",
                "Sec-WebSocket-Protocol": "chat", "Set-Cookie": "s",
            ])
        #expect(
            ForwardedAnswer.switching(head, by: ForwardingRules()).fields == [
                "Sec-WebSocket-Accept": "a", "Sec-WebSocket-Protocol": "chat", "Set-Cookie": "s",
                "Upgrade": "websocket", "Connection": "Upgrade",
            ])
    }

    @Test func trailersFrameNothing() {
        let trailers: HeaderFields = [
            "Content-Length": "5", "Transfer-Encoding": "chunked", "Authorization": "x", "Digest": "d", "Host": "h",
        ]
        #expect(trailers.forwardableTrailers == ["Digest": "d"])
    }
}
