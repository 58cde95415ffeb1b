import Buffers
import Dialing
import Glibc
import IOCore
import Reactor
import SystemCalls
import Testing
import Transport
import Upstreams

/// A connector over the real loop, the real resolver, and the kernel.
@Suite struct RealDialTests {
    private final class Run: TimerClient {
        let reactor: Reactor
        let caller: Caller
        let patience: UInt64

        init(_ reactor: Reactor, _ caller: Caller) {
            self.reactor = reactor
            self.caller = caller
            self.patience = reactor.now + 20_000_000_000
        }

        func timerFired() {
            guard !self.caller.isTold, self.reactor.now < self.patience else { return self.reactor.stop() }
            _ = self.reactor.startTimer(self, at: self.reactor.now)
        }
    }

    /// What becomes of one connection.
    private func connect(to server: String) throws -> Caller {
        signal(SIGPIPE, SIG_IGN)
        let reactor = try Reactor(pool: BlockPool(bytesMax: 4 << 20, reserve: 1 << 20))
        let mailbox = try Mailbox<NameDelivery>()
        let resolver = Resolver()
        let names = WorkerResolver(resolver) { mailbox.post($0) }
        _ = try MailboxBell(mailbox, reactor: reactor) {
            for delivery in mailbox.take() { names.deliver(delivery) }
        }
        let group = UpstreamGroup(UpstreamGroup.Settings(servers: [try UpstreamAddress(server)])) { _ in }
        let connector = UpstreamConnector(.group(group), DialSettings(), loop: reactor, names: names) {
            TLSWorkspace(reactor, plainAnswer: [])
        }
        let caller = Caller()
        caller.connect(connector, DialHarness.request)
        #expect(!caller.isTold)
        Run(reactor, caller).timerFired()
        reactor.run()
        resolver.stop()
        caller.connection?.stream.close()
        caller.connection?.release()
        reactor.close()
        return caller
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func aServerIsReached(_ host: String) throws {
        let listener = try Socket.listener(.ipv4(address: 0x7F00_0001, port: 0), sharesPort: false)
        let port = try #require(try Socket.localAddress(listener).port)
        let caller = try self.connect(to: "\(host):\(port)")
        #expect(caller.connection?.name == "\(host):\(port)")
        let (far, _) = try #require(try Socket.accept(listener))
        #expect(close(far) == 0)
    }

    @Test func nobodyIsThere() throws {
        var port: UInt16 = 0
        do {
            let listener = try Socket.listener(.ipv4(address: 0x7F00_0001, port: 0), sharesPort: false)
            port = try #require(try Socket.localAddress(listener).port)
        }
        let caller = try self.connect(to: "127.0.0.1:\(port)")
        let reason = "cannot connect to 127.0.0.1:\(port): connection refused"
        #expect(caller.failure == .unreachable(reason: reason))
    }
}
