import Buffers
import IOCore
import ProxyProtocol
import SimulatedIO
import SystemCalls
import Testing
import Transport

@Suite struct ProxyProtocolAcceptorTests {
    private static let header = ProxyHeader.proxied(
        client: .ipv4(address: 0xC000_0201, port: 5), server: .ipv4(address: 0xC000_0202, port: 6))
    private static let deadline: UInt64 = 1_000_000_000

    private final class Acceptance: ProxyProtocolClient {
        let loop = SimulatedLoop(Seed(1))
        let client: SimulatedClient
        var header: ProxyHeader?
        var failure: ProxyHeaderFailure?
        weak var delegate: RecordingDelegate?
        weak var acceptor: ProxyProtocolAcceptor?

        init(cuts: SimulatedClient.Cuts = .none) {
            self.client = SimulatedClient(self.loop)
            self.client.cuts = cuts
            let acceptor = ProxyProtocolAcceptor(
                self.client.stream, loop: self.loop, client: self,
                deadline: self.loop.now + ProxyProtocolAcceptorTests.deadline)
            self.acceptor = acceptor
        }

        func proxyHeaderReceived(_ header: ProxyHeader, on stream: any ByteStream) {
            self.header = header
            let delegate = RecordingDelegate(stream)
            stream.delegate = delegate
            self.delegate = delegate
        }

        func proxyHeaderFailed(_ failure: ProxyHeaderFailure) { self.failure = failure }

        /// Nothing is left of the connection.
        var isOver: Bool {
            !self.client.stream.isOpen && self.loop.timerCount == 0 && self.acceptor == nil
                && self.loop.pool.bytesLent == 0
        }
    }

    @Test(arguments: [SimulatedClient.Cuts.none, .everyByte, .random], [1, 2])
    func theRestGoesToWhoComesNext(_ cuts: SimulatedClient.Cuts, version: Int) throws {
        let acceptance = Acceptance(cuts: cuts)
        acceptance.client.send(version == 1 ? Self.header.version1 : Self.header.version2(hasChecksum: true))
        acceptance.client.send("GET / HTTP/1.1\r\n")
        acceptance.loop.settle()
        #expect(acceptance.header == Self.header)
        let delegate = try #require(acceptance.delegate)
        #expect(String(decoding: delegate.heard, as: UTF8.self) == "GET / HTTP/1.1\r\n")
        #expect(acceptance.acceptor == nil)
        #expect(acceptance.loop.timerCount == 0)
        delegate.stream?.close()
    }

    @Test func whatIsNoHeaderIsClosed() {
        let wrong = Acceptance()
        wrong.client.send("GET / HTTP/1.1\r\n\r\n")
        wrong.loop.settle()
        #expect(wrong.failure == .violation(.missing))
        #expect(wrong.isOver)
        let long = Acceptance(cuts: .random)
        long.client.send("PROXY UNKNOWN " + String(repeating: "x", count: 10_000))
        long.loop.settle()
        #expect(long.failure == .violation(.tooLong(limit: 107)))
        #expect(long.isOver)
    }

    @Test func whoDoesNotSayIsClosedAtTheDeadline() {
        for bytes in ["", "PROXY TCP4 1.2.3.4"] {
            let acceptance = Acceptance()
            acceptance.client.send(bytes)
            acceptance.loop.advance(by: Self.deadline * 9 / 10)
            #expect(acceptance.failure == nil)
            acceptance.loop.advance(by: Self.deadline / 5)
            #expect(acceptance.failure == .late)
            #expect(acceptance.isOver)
        }
    }

    @Test func whoLeavesIsForgotten() {
        for (bytes, failure) in [("", ProxyHeaderFailure.cut(isSilent: true)), ("PRO", .cut(isSilent: false))] {
            let acceptance = Acceptance()
            acceptance.client.send(bytes)
            acceptance.client.finish()
            acceptance.loop.settle()
            #expect(acceptance.failure == failure)
            #expect(acceptance.isOver)
        }
        let drained = Acceptance()
        drained.acceptor?.drain()
        #expect(drained.failure == nil)
        #expect(drained.isOver)
    }

    @Test func addressesAreTheirs() {
        #expect(SocketAddress(.ipv4(address: 0xC000_0201, port: 5)).description == "192.0.2.1:5")
        #expect(SocketAddress(.ipv6(high: 0, low: 1, port: 6)).description == "[::1]:6")
        #expect(SocketAddress(.unix(path: Array("/a".utf8))) == .unix(path: "/a"))
    }
}
