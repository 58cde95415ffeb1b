import Bridge
@testable import Proxy
import SimulatedIO
import Telemetry
import Testing

@Suite struct TunnelTests {
    private static let request =
        "GET / HTTP/1.1\r\nHost: app\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    private static let switching =
        "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(accept)\r\n"
        + "X-Extra: yes\r\n\r\n"

    private static func frame(_ first: UInt8, _ payload: [UInt8], isMasked: Bool) -> [UInt8] {
        precondition(payload.count < 126)
        return [first, (isMasked ? 0x80 : 0) | UInt8(payload.count)] + (isMasked ? [0, 0, 0, 0] : []) + payload
    }

    private static func closeFrame(_ code: UInt16, isMasked: Bool) -> [UInt8] {
        Self.frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)], isMasked: isMasked)
    }

    private static func closeStart(_ code: UInt16) -> [UInt8] { [UInt8(code >> 8), UInt8(code & 0xFF)] }

    /// A tunnel that stands, and the two ends of it.
    private static func open(
        _ seed: Seed = Seed(0), _ options: ProxyHarness.Options = .init()
    ) throws -> (ProxyHarness, client: SimulatedClient, server: SimulatedClient) {
        let harness = ProxyHarness(seed, options)
        harness.connector.serve = { server, request in
            guard request.contains("\r\n\r\n") else { return }
            request = []
            server.send(Self.switching)
        }
        let client = harness.connect()
        client.send(Self.request)
        #expect(harness.run { client.received.contains("\r\n\r\n") })
        #expect(client.received.contains("X-Extra: yes"))
        harness.connector.serve = { _, _ in }
        return (harness, client, try #require(harness.connector.servers.first))
    }

    private static func behindHead(_ end: SimulatedClient) -> [UInt8] {
        let text = end.received
        let mark = Array("\r\n\r\n".utf8)
        let start = text.indices.first { text[$0...].starts(with: mark) }
        return start.map { Array(text[($0 + 4)...]) } ?? []
    }

    /// A server that writes on is read to its end, so that it does not hang; nobody is sent any of it.
    @Test func whatNobodyGetsIsNotCounted() throws {
        let (harness, client, server) = try Self.open()
        server.send(Self.frame(0x82, [1], isMasked: false))
        #expect(harness.run { Self.behindHead(client).count == 3 })
        client.reset()
        #expect(harness.run { server.hasSeenEnd })
        server.send((0..<50).flatMap { Self.frame(0x82, [UInt8($0)], isMasked: false) })
        #expect(harness.run { server.unsentCount == 0 })
        server.finish()
        #expect(harness.remainsAfterwards() == [])
        #expect(harness.log.closing("messages_sent") == .integer(1))
        #expect(harness.log.closing("bytes_sent") == .integer(1))
    }

    @Test(arguments: Seed.some(10))
    func framesPassUntouched(_ seed: Seed) throws {
        var options = ProxyHarness.Options()
        options.faults = .rough
        let (harness, client, server) = try Self.open(seed, options)
        client.cuts = .random
        server.cuts = .random
        let up = (0..<500).flatMap { Self.frame($0 % 7 == 0 ? 0x89 : 0x81, [UInt8($0 % 100)], isMasked: true) }
        let down = (0..<500).flatMap { Self.frame(0x82, [UInt8](repeating: 1, count: $0 % 100), isMasked: false) }
        client.send(up)
        server.send(down)
        #expect(harness.run { Self.behindHead(server) == up && Self.behindHead(client) == down }, "\(seed)")
        client.send(Self.closeFrame(4321, isMasked: true))
        #expect(harness.run { Self.behindHead(server).suffix(2) == [0x10, 0xE1] }, "\(seed)")
        server.send(Self.closeFrame(4321, isMasked: false))
        server.finish()
        #expect(harness.run { client.hasSeenEnd }, "\(seed)")
        client.close()
        #expect(harness.remainsAfterwards() == [], "\(seed)")
        #expect(harness.log.closing("close") == .integer(4321), "\(seed)")
        #expect(harness.log.closing("messages_received") == .integer(500 - 72), "\(seed)")
        #expect(harness.log.closing("messages_sent") == .integer(500), "\(seed)")
    }

    @Test func aRefusalIsRelayedAndGivesThePlaceBack() {
        let harness = ProxyHarness()
        harness.connector.serve = { server, request in
            guard request.contains("\r\n\r\n") else { return }
            request = []
            server.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\nX-Why: no\r\n\r\nnope")
        }
        let client = harness.connect()
        // What comes behind a refused handshake is the next request, never a part of a tunnel.
        client.send(Self.request + "GET /next HTTP/1.1\r\nHost: app\r\n\r\n")
        #expect(harness.run { client.received.text.split(separator: "nope").count == 2 })
        #expect(client.received.text.hasPrefix("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\nX-Why: no\r\n\r\nnope"))
        #expect(harness.ledger.count == 0)
        #expect(harness.route.settings.tally.handshakesRefused[403] == 1)
        #expect(harness.remainsAfterwards() == [])
    }

    @Test func aWrong101OpensNothing() {
        let harness = ProxyHarness()
        harness.connector.serve = { server, request in
            guard request.contains("\r\n\r\n") else { return }
            request = []
            server.send(Self.switching.replacing("s3pP", with: "S3pP") + "smuggled")
        }
        let client = harness.connect()
        client.send(Self.request)
        #expect(harness.run { client.received.contains("502 Bad Gateway") })
        #expect(!client.received.contains("smuggled"))
        #expect(harness.remainsAfterwards() == [])
    }

    /// Between frames at once, within a frame behind it; what came in the same moment goes no further.
    @Test(arguments: [0, 1, 2, 5, 11])
    func aDrainEndsWithACloseBetweenFrames(_ cut: Int) throws {
        let (harness, client, server) = try Self.open()
        let up = Self.frame(0x81, Array("hello".utf8), isMasked: true)
        let down = Self.frame(0x81, Array("hello".utf8), isMasked: false)
        client.send(Array(up[..<min(cut, up.count)]))
        server.send(Array(down[..<min(cut, down.count)]))
        _ = harness.loop.run(for: 1_000_000) { false }
        (client.stream.delegate as? any DrainableSession)?.drain()
        client.send(Array(up[min(cut, up.count)...]) + up)
        server.send(Array(down[min(cut, down.count)...]) + down)
        #expect(harness.run { Self.behindHead(client).contains("going away") })
        #expect(harness.run { server.received.count > 0 && Self.behindHead(server).count > 20 })
        let toClient = Self.behindHead(client)
        let isBetween = toClient.starts(with: [0x88])
        #expect(isBetween || toClient.starts(with: down + [0x88]))
        #expect(isBetween == (cut < 2 || cut >= down.count) || cut >= down.count)
        client.send(Self.closeFrame(1001, isMasked: true))
        server.send(Self.closeFrame(1001, isMasked: false))
        #expect(harness.run { client.hasSeenEnd && server.hasSeenEnd })
        #expect(harness.remainsAfterwards() == [])
        #expect(harness.log.closing("close") == .integer(1001))
    }

    @Test func messagesThatAreTooLargeEndIt() throws {
        var options = ProxyHarness.Options()
        options.messageBytesMax = 5
        let (harness, client, server) = try Self.open(Seed(0), options)
        let good = Self.frame(0x81, Array("hello".utf8), isMasked: true)
        client.send(good + Self.frame(0x81, Array("hello!".utf8), isMasked: true))
        #expect(harness.run { Self.behindHead(client).dropFirst(2).starts(with: Self.closeStart(1009)) })
        #expect(harness.run { Self.behindHead(server).count > good.count })
        let told = Self.behindHead(server).dropFirst(good.count)
        #expect(Self.behindHead(server).starts(with: good))
        #expect(Self.maskedCode(Array(told)) == 1001)
        #expect(!Self.behindHead(server).contains("hello!"))
        #expect(harness.remainsAfterwards() == [])
        #expect(harness.log.closing("close") == .integer(1009))
    }

    /// The client had no part in it, and hears of it by a Close: not by an end that looks like a broken network.
    @Test(arguments: [0, 3])
    func messagesOfTheServerThatAreTooLargeEndItToo(_ begun: Int) throws {
        var options = ProxyHarness.Options()
        options.messageBytesMax = 5
        let (harness, client, server) = try Self.open(Seed(0), options)
        let start = begun == 0 ? [] : Self.frame(0x01, [UInt8](repeating: 0x61, count: begun), isMasked: false)
        let rest = Self.frame(begun == 0 ? 0x81 : 0x80, [UInt8](repeating: 0x61, count: 6 - begun), isMasked: false)
        server.send(start + rest)
        #expect(harness.run { Self.behindHead(client).count > start.count + 4 })
        #expect(Self.behindHead(client).starts(with: start + [0x88]))
        #expect(Self.behindHead(client).dropFirst(start.count + 2).starts(with: Self.closeStart(1011)))
        #expect(harness.run { Self.maskedCode(Self.behindHead(server)) == 1009 })
        client.send(Self.closeFrame(1011, isMasked: true))
        server.send(Self.closeFrame(1009, isMasked: false))
        #expect(harness.remainsAfterwards() == [])
        #expect(harness.log.closing("close") == .integer(1011))
    }

    /// The code of a masked Close frame; nil: these bytes are none.
    private static func maskedCode(_ bytes: [UInt8]) -> UInt16? {
        guard bytes.count >= 8, bytes[0] == 0x88, bytes[1] >= 0x82 else { return nil }
        return UInt16(bytes[6] ^ bytes[2]) << 8 | UInt16(bytes[7] ^ bytes[3])
    }

    @Test func eitherEndMayBreak() throws {
        for breaksClient in [true, false] {
            let (harness, client, server) = try Self.open()
            (breaksClient ? client : server).reset()
            #expect(harness.run { (breaksClient ? server : client).hasSeenEnd })
            #expect(harness.remainsAfterwards() == [])
            #expect(harness.log.closing("close") == .integer(1006))
        }
    }

    /// Both have said Close, and one has hung up: the other is not waited for.
    @Test(arguments: [true, false])
    func behindBothClosesOneEndIsEnough(_ isServerFirst: Bool) throws {
        let (harness, client, server) = try Self.open()
        server.send(Self.closeFrame(1000, isMasked: false))
        #expect(harness.run { Self.behindHead(client).count == 4 })
        client.send(Self.closeFrame(1000, isMasked: true))
        #expect(harness.run { Self.behindHead(server).count == 8 })
        isServerFirst ? server.finish() : client.finish()
        // At once, and not when the close timeout is over.
        #expect(harness.loop.run(for: ProxyHarness.second / 10) { client.hasSeenEnd && server.hasSeenEnd })
        #expect(harness.log.closing("close") == .integer(1000))
        #expect(harness.remainsAfterwards() == [])
    }

    /// With one Close alone the other's answer is still to come, also behind the end of who said it.
    @Test func anAnswerToACloseIsWaitedFor() throws {
        let (harness, client, server) = try Self.open()
        client.send(Self.closeFrame(1000, isMasked: true))
        client.finish()
        #expect(harness.run { server.hasSeenEnd })
        #expect(harness.log.closing("close") == nil)
        server.send(Self.frame(0x81, [65], isMasked: false) + Self.closeFrame(1000, isMasked: false))
        server.finish()
        #expect(harness.run { client.hasSeenEnd })
        #expect(Self.behindHead(client).count == 3 + 4)
        #expect(harness.remainsAfterwards() == [])
    }

    @Test func silenceEndsItOnlyWhereSomebodySaidSo() throws {
        var options = ProxyHarness.Options()
        options.idleTimeout = 10 * ProxyHarness.second
        let (harness, client, _) = try Self.open(Seed(0), options)
        #expect(harness.run { Self.behindHead(client).dropFirst(2).starts(with: Self.closeStart(1001)) })
        #expect(Self.behindHead(client).contains("nothing moved"))
        #expect(harness.remainsAfterwards() == [])
        let (patient, quiet, _) = try Self.open()
        _ = patient.loop.run(for: 24 * 3600 * ProxyHarness.second) { false }
        #expect(Self.behindHead(quiet).isEmpty)
        #expect(patient.remainsAfterwards() == [])
    }
}
