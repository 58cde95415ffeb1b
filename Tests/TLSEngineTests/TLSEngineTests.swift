import Testing
import TLSEngine
import TLSPeers

@Suite struct TLSEngineTests {
    private static let text = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    @Test(arguments: TLSVersion.allCases, [1, 2, 3, 5, 6, 7, 64, 4096, .max])
    func bytesPassWhateverTheCuts(_ version: TLSVersion, cut: Int) throws {
        let contexts = try #require(Peers.contexts { $0.versionMax = version })
        let peers = try #require(Peers(contexts, try Peers.context()))
        peers.settle(cut: cut)
        #expect(peers.client.state == .open)
        #expect(peers.server.state == .open)
        peers.toServer += peers.client.sealed(Self.text)
        peers.toClient += peers.server.sealed(Self.text.reversed())
        peers.settle(cut: cut)
        let (serverHeard, clientHeard) = (peers.serverHeard, peers.clientHeard)
        #expect(serverHeard == Self.text)
        #expect(clientHeard == Self.text.reversed())
        #expect(peers.server.chosenProtocol == "http/1.1")
        #expect(peers.server.version == "TLSv\(version.rawValue)")
        #expect(peers.server.peerSubject == nil)
    }

    @Test func theFlightOfAClientIsCutAtEveryByte() throws {
        let contexts = try #require(Peers.contexts())
        let context = try Peers.context()
        var hello: [UInt8] = []
        var none: [UInt8] = []
        for cut in 1..<600 {
            let peers = try #require(Peers(contexts, context))
            Peers.feed(&peers.client, [], &hello, &none)
            defer { hello = [] }
            guard cut < hello.count else { break }
            Peers.feed(&peers.server, Array(hello[..<cut]), &peers.toClient, &none)
            #expect(peers.toClient.isEmpty)
            #expect(peers.server.state == .handshaking)
            Peers.feed(&peers.server, Array(hello[cut...]), &peers.toClient, &none)
            #expect(!peers.toClient.isEmpty)
        }
        #expect(none.isEmpty)
    }

    @Test func dataBehindTheHandshakeComesWithIt() throws {
        let peers = try #require(Peers())
        Peers.feed(&peers.client, [], &peers.toServer, &peers.clientHeard)
        Peers.feed(&peers.server, peers.toServer, &peers.toClient, &peers.serverHeard)
        peers.toServer = []
        Peers.feed(&peers.client, peers.toClient, &peers.toServer, &peers.clientHeard)
        peers.toServer += peers.client.sealed(Array("GET /".utf8))
        peers.toClient = []
        Peers.feed(&peers.server, peers.toServer, &peers.toClient, &peers.serverHeard)
        #expect(peers.server.state == .open)
        #expect(peers.serverHeard == Array("GET /".utf8))
    }

    @Test func ourEndAndTheirsAreTwoThings() throws {
        let peers = try #require(Peers())
        peers.settle()
        peers.toServer += peers.client.sealed([1, 2, 3]) + Peers.finish(&peers.client)
        peers.settle()
        #expect(peers.serverHeard == [1, 2, 3])
        #expect(peers.server.state == .ended)
        #expect(peers.server.hasFinished == false)
        peers.toClient += peers.server.sealed([4, 5])
        peers.toClient += Peers.finish(&peers.server)
        #expect(Peers.finish(&peers.server).isEmpty)
        peers.settle()
        #expect(peers.clientHeard == [4, 5])
        #expect(peers.client.state == .ended)
    }

    @Test func aCutLeavesTheConnectionOpen() throws {
        let peers = try #require(Peers())
        peers.settle()
        let bytes = peers.client.sealed([1, 2, 3])
        for count in 0..<bytes.count {
            var out: [UInt8] = []
            if count > 0 { Peers.feed(&peers.server, [bytes[count - 1]], &out, &peers.serverHeard) }
            #expect(peers.server.state == .open)
            #expect(peers.serverHeard.isEmpty)
        }
    }

    @Test func aChangedByteIsAnAlert() throws {
        let peers = try #require(Peers())
        peers.settle()
        var bytes = peers.client.sealed(Array("hello".utf8))
        bytes[bytes.count - 1] ^= 1
        Peers.feed(&peers.server, bytes, &peers.toClient, &peers.serverHeard)
        #expect(peers.server.state == .failed(.violation("decryption failed or bad record mac")))
        #expect(peers.serverHeard.isEmpty)
        Peers.feed(&peers.client, peers.toClient, &peers.toServer, &peers.clientHeard)
        #expect(peers.client.state == .failed(.alert("sslv3 alert bad record mac")))
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\0\u{5}hello", "\0\0\0\0\0\0\0\0", "SSH-2.0-x\r\n"])
    func rubbishFails(_ text: String) throws {
        for cut in [1, 3, 100] {
            guard var server = TLSEngine(try #require(Peers.contexts())) else { continue }
            var (out, heard): ([UInt8], [UInt8]) = ([], [])
            var bytes = Array(text.utf8)
            while !bytes.isEmpty {
                Peers.feed(&server, Array(bytes.prefix(cut)), &out, &heard)
                bytes.removeFirst(min(cut, bytes.count))
            }
            guard case .failed(.violation) = server.state else {
                Issue.record("\(server.state)")
                continue
            }
            #expect(heard.isEmpty)
            let end = Peers.finish(&server)
            #expect(end.isEmpty)
        }
    }

    @Test func noCommonVersionOrProtocol() throws {
        let modern = try #require(Peers.contexts { $0.versionMin = .tls13 })
        let old = try #require(Peers(modern, try Peers.context { $0.versionMax = .tls12 }))
        old.settle()
        #expect(old.server.state == .failed(.violation("unsupported protocol")))
        let peers = try #require(Peers(modern, try Peers.context { $0.protocols = ["h2"] }))
        peers.settle()
        #expect(peers.server.state == .failed(.violation("no application protocol")))
        #expect(peers.client.state == .failed(.alert("tlsv1 alert no application protocol")))
        let plain = try #require(Peers(modern, try Peers.context { $0.protocols = [] }))
        plain.settle()
        #expect(plain.server.state == .open)
        #expect(plain.server.chosenProtocol == nil)
    }
}
