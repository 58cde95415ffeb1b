import Dialing
import IOCore
import ProxyProtocol
import SimulatedIO
import SystemCalls
import TLSEngine
import TLSPeers
import Testing

/// TLS to servers, and what is said in front of it.
@Suite struct SecureDialTests {
    private static let address = SocketAddress.ipv4(address: 0x0A00_0001, port: 443)
    private static let path = SocketAddress.unix(path: "/run/db.sock")

    let harness = DialHarness()
    private let ends = Ends()
    private var network: SimulatedNetwork { self.harness.loop.network }

    private final class Ends {
        var list: [TLSServerEnd] = []
    }

    /// Hears what comes back.
    private final class Listener: ByteStreamDelegate {
        var heard: [UInt8] = []
        var failure: StreamFailure?
        func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
            for index in start..<window.count { self.heard.append(window[index]) }
        }
        func inputEnded() {}
        func outputAdvanced() {}
        func failed(_ failure: StreamFailure) { self.failure = failure }
    }

    private func serve(headerBytes: Int = 0, _ change: (inout TLSSettings) -> Void = { _ in }) throws {
        let made = Secrets.server(change)
        let contexts = try #require(made)
        self.network.servers = [Self.address: .accepts(), Self.path: .accepts()]
        self.harness.names.answers["db.example"] = .addresses([Self.address])
        self.harness.names.answers["other.example"] = .addresses([Self.address])
        self.network.onAccept = { [ends] in
            if let end = TLSServerEnd($0, contexts, headerBytes: headerBytes) { ends.list.append(end) }
        }
    }

    private func settings(_ context: ClientContext, serverName: String? = nil) -> DialSettings {
        var settings = DialSettings()
        settings.tls = DialSettings.TLS(context: context, serverName: serverName)
        return settings
    }

    /// Connects, and says a word that comes back.
    private func talk(_ server: String, _ settings: DialSettings) throws -> Caller {
        let caller = self.harness.connect(try self.harness.connector(server, settings: settings))
        let stream = try #require(caller.connection?.stream, "\(String(describing: caller.failure))")
        let listener = Listener()
        stream.delegate = listener
        stream.write([1, 2, 3].span)
        self.harness.loop.settle()
        #expect(listener.heard == [1, 2, 3])
        return caller
    }

    @Test(arguments: [
        ("db.example:443", nil as String?), ("10.0.0.1:443", nil), ("other.example:443", "db.example"),
        ("unix:/run/db.sock", "db.example"),
    ])
    func aServerWithTheRightNameIsTrusted(_ server: String, _ name: String?) throws {
        try self.serve()
        let caller = try self.talk(server, self.settings(try Secrets.client(), serverName: name))
        caller.connection?.stream.close()
        caller.connection?.release()
        self.harness.loop.settle()
        #expect(self.harness.remains == [])
    }

    @Test func othersAreNot() throws {
        try self.serve()
        let context = try Secrets.client()
        let rows = [
            ("other.example:443", context, "other.example:443: certificate verify failed: hostname mismatch"),
            ("db.example:443", try Secrets.client(trusting: Secrets.stranger), "db.example:443: certificate verify"),
            ("unix:/run/db.sock", context, "unix:/run/db.sock needs the name of the server"),
        ]
        for (server, context, reason) in rows {
            let connector = try self.harness.connector(server, settings: self.settings(context))
            guard case .unreachable(let text) = self.harness.connect(connector).failure else {
                Issue.record("\(server) was trusted")
                continue
            }
            #expect(text.hasPrefix("TLS with \(reason)"), "\(text)")
        }
        self.harness.loop.advance(by: 20_000_000_000)
        #expect(self.harness.remains == [])
        #expect(self.network.accepted.allSatisfy { !$0.end.stream.isOpen })
    }

    @Test func withoutVerificationAnybodyWillDo() throws {
        try self.serve()
        _ = try self.talk("other.example:443", self.settings(try Secrets.client(trusting: nil)))
    }

    @Test func weShowACertificateWhereAsked() throws {
        try self.serve { $0.verification = .required(authorities: Fixture.authorities) }
        _ = try self.talk("db.example:443", self.settings(try Secrets.client(as: Fixture.clientIdentity)))
        #expect(self.ends.list.last?.engine.peerSubject == #"CN=Ada L\C3\B6ve,O=Example\, Inc."#)
        let caller = self.harness.connect(
            try self.harness.connector("db.example:443", settings: self.settings(try Secrets.client())))
        // With TLS 1.3 the client is done before the server has looked: it hears of it on the stream.
        guard let stream = caller.connection?.stream else { return }
        let listener = Listener()
        stream.delegate = listener
        self.harness.loop.settle()
        #expect(listener.failure != nil)
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func sessionsAreResumed(_ version: TLSVersion) throws {
        try self.serve { $0.versionMax = version }
        let connector = try self.harness.connector("db.example:443", settings: self.settings(try Secrets.client()))
        for round in 0..<3 {
            let connection = try #require(self.harness.connect(connector).connection)
            let listener = Listener()
            connection.stream.delegate = listener
            connection.stream.write([1].span)
            self.harness.loop.settle()
            #expect(listener.heard == [1])
            #expect(self.ends.list.last?.engine.isResumed == (round > 0), "round \(round)")
            connection.stream.close()
            connection.release()
        }
    }

    @Test func aServerThatSaysNothingHasTheDeadlineOfTheDial() throws {
        self.network.servers[Self.address] = .accepts(after: 1_000_000_000)
        let start = self.harness.loop.now
        let caller = self.harness.connect(
            try self.harness.connector("10.0.0.1:443", settings: self.settings(try Secrets.client())))
        #expect(caller.failure == .timedOut(reason: "10.0.0.1:443 did not finish the TLS handshake within 5 s"))
        #expect((4_990_000_000..<5_100_000_000).contains(self.harness.loop.now - start))
        self.harness.loop.settle()
        #expect(self.network.accepted.allSatisfy { !$0.end.stream.isOpen })
        #expect(self.harness.remains == [])
    }

    @Test func aServerThatSpeaksNoTLSIsTold() throws {
        self.network.servers[Self.address] = .accepts()
        var actions: [(SimulatedClient) -> Void] = []
        actions.append { $0.send("220 mail.example ESMTP\r\n") }
        actions.append { $0.close() }
        actions.append { $0.reset() }
        for action in actions {
            self.network.onAccept = action
            let caller = self.harness.connect(
                try self.harness.connector("10.0.0.1:443", settings: self.settings(try Secrets.client())))
            guard case .unreachable(let reason) = caller.failure else {
                Issue.record("\(String(describing: caller.failure))")
                continue
            }
            #expect(reason.hasPrefix("TLS with 10.0.0.1:443: "))
            #expect(caller.toldCount == 1)
        }
        self.harness.loop.advance(by: 20_000_000_000)
        #expect(self.harness.remains == [])
    }

    @Test func whoIsCalledOffHearsNothing() throws {
        self.network.servers[Self.address] = .accepts()
        let caller = self.harness.begin(
            try self.harness.connector("10.0.0.1:443", settings: self.settings(try Secrets.client())))
        self.harness.loop.settle()
        #expect(self.network.accepted.count == 1)
        caller.attempt?.cancel()
        self.harness.loop.advance(by: 20_000_000_000)
        #expect(!caller.isTold)
        #expect(self.harness.remains == [])
        #expect(self.network.accepted.allSatisfy { !$0.end.stream.isOpen })
    }

    // MARK: - PROXY header

    @Test func theHeaderGoesFirst() throws {
        var request = DialHarness.request
        request.tls = ClientTLS(version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", subject: #"CN=Ada L\C3\B6ve,O=X"#)
        let header = ProxyHeader.proxied(
            client: .ipv4(address: 0xC000_0201, port: 4711), server: .ipv4(address: 0xC000_0202, port: 443))
        let name = ProxyTLS(version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", commonName: "Ada L\u{f6}ve")
        for (choice, bytes) in [
            (DialSettings.ProxyHeaderChoice.none, [UInt8]()), (.version1, header.version1),
            (.version2, header.version2(tls: name)),
        ] {
            for isSecure in [false, true] {
                try self.serve(headerBytes: bytes.count)
                if !isSecure { self.network.onAccept = { _ in } }
                var settings = isSecure ? self.settings(try Secrets.client()) : DialSettings()
                settings.proxyHeader = choice
                let connector = try self.harness.connector("db.example:443", settings: settings)
                let caller = self.harness.connect(connector, request)
                self.harness.loop.settle()
                #expect(caller.connection != nil, "\(choice) \(isSecure) \(String(describing: caller.failure))")
                let received = self.network.accepted.last?.end.received ?? []
                #expect(Array(received.prefix(bytes.count)) == bytes)
                if !isSecure { #expect(received == bytes) }
            }
        }
    }

    @Test func addressesThatAreNotKnownAreNobodys() throws {
        try self.serve()
        self.network.onAccept = { _ in }
        var settings = DialSettings()
        settings.proxyHeader = .version1
        for (client, text) in [
            (SocketAddress.ipv4(address: 0xC000_0201, port: 9), "PROXY TCP4 192.0.2.1 0.0.0.0 9 0\r\n"),
            (.unix(path: ""), "PROXY UNKNOWN\r\n"),
        ] {
            let connector = try self.harness.connector("10.0.0.1:443", settings: settings)
            _ = self.harness.connect(connector, ConnectRequest(client: client))
            self.harness.loop.settle()
            #expect(self.network.accepted.last?.end.received == Array(text.utf8))
        }
    }
}
