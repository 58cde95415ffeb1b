import Dialing
import IOCore
import SimulatedIO
import SystemCalls
import Testing
import Upstreams

/// From a configured server to a stream, over simulated sockets.
@Suite struct DialTests {
    private static let second: UInt64 = 1_000_000_000
    private static let four = SocketAddress.ipv4(address: 0x0A00_0001, port: 80)
    private static let other = SocketAddress.ipv4(address: 0x0A00_0002, port: 80)
    private static let six = SocketAddress.ipv6(high: 0x2001_0DB8_0000_0000, low: 1, port: 80)

    let harness = DialHarness()
    private var network: SimulatedNetwork { self.harness.loop.network }

    @Test func anAddressIsReached() throws {
        self.network.servers[Self.four] = .accepts()
        let caller = self.harness.begin(try self.harness.connector("10.0.0.1:80"))
        #expect(!caller.isTold)
        _ = self.harness.loop.run { caller.isTold }
        let connection = try #require(caller.connection)
        #expect(connection.name == "10.0.0.1:80")
        #expect(self.harness.address(of: caller) == Self.four)
        connection.stream.write([1, 2, 3].span)
        self.harness.loop.settle()
        #expect(self.network.accepted.first?.end.received == [1, 2, 3])
        #expect(self.harness.names.asked.isEmpty)
        caller.attempt?.cancel()
        connection.release()
        connection.stream.close()
        self.harness.loop.settle()
        #expect(self.harness.remains == [])
    }

    @Test func aUnixPathIsReached() throws {
        let path = SocketAddress.unix(path: "/run/x.sock")
        self.network.servers[path] = .accepts()
        let caller = self.harness.connect(try self.harness.connector("unix:/run/x.sock"))
        #expect(caller.connection?.name == "unix:/run/x.sock")
        #expect(self.harness.address(of: caller) == path)
    }

    @Test(arguments: [
        ("10.0.0.1:80", SimulatedNetwork.Behaviour.refuses(), "cannot connect to 10.0.0.1:80: connection refused"),
        ("10.0.0.1:80", .refuses(.noRoute), "cannot connect to 10.0.0.1:80: no route to host"),
        ("name:80", .refuses(), "cannot connect to name:80 (10.0.0.1): connection refused"),
        ("gone:80", .refuses(), "cannot resolve the name in gone:80: name or service not known"),
    ])
    func failuresAreToldWithTheServer(
        _ server: String, _ behaviour: SimulatedNetwork.Behaviour, _ reason: String
    ) throws {
        self.network.servers[Self.four] = behaviour
        self.harness.names.answers["name"] = .addresses([Self.four])
        for delay in [nil, 1_000_000] as [UInt64?] {
            self.harness.names.delay = delay
            let caller = self.harness.begin(try self.harness.connector(server))
            #expect(!caller.isTold)
            _ = self.harness.loop.run { caller.isTold }
            #expect(caller.failure == .unreachable(reason: reason))
        }
        self.harness.loop.settle()
        #expect(self.harness.remains == [])
    }

    @Test func silenceHasADeadline() throws {
        self.network.servers[Self.four] = .silent
        let start = self.harness.loop.now
        let caller = self.harness.connect(try self.harness.connector("10.0.0.1:80"))
        #expect(caller.failure == .timedOut(reason: "10.0.0.1:80 did not answer within 5 s"))
        let span = self.harness.loop.now - start
        #expect((5 * Self.second...5 * Self.second + 20_000_000).contains(span))
        #expect(self.harness.remains == [])
    }

    /// The dial's own deadline holds whatever the resolver does.
    @Test func aResolverThatHangsHasADeadline() throws {
        self.harness.names.delay = 100 * Self.second
        var settings = DialSettings()
        settings.timeout = 300_000_000
        let caller = self.harness.connect(try self.harness.connector("name:80", settings: settings))
        #expect(caller.failure == .timedOut(reason: "the name in name:80 was not resolved within 300 ms"))
        #expect(self.harness.names.cancelledCount == 1)
        self.harness.loop.advance(by: 200 * Self.second)
        #expect(caller.toldCount == 1)
        #expect(self.harness.remains == [])
    }

    @Test func theOtherFamilyTakesOverFromASilentOne() throws {
        self.harness.names.answers["name"] = .addresses([Self.six, Self.four, Self.other])
        self.network.servers = [Self.six: .silent, Self.four: .accepts(after: 20_000_000), Self.other: .accepts()]
        let start = self.harness.loop.now
        let caller = self.harness.connect(try self.harness.connector("name:80"))
        #expect(self.harness.address(of: caller) == Self.four)
        #expect(caller.connection?.name == "name:80")
        #expect(self.network.tries.map(\.address) == [Self.six, Self.four])
        #expect(self.harness.loop.now - start < 300_000_000)
        caller.connection?.stream.close()
        self.harness.loop.advance(by: 10 * Self.second)
        #expect(caller.toldCount == 1)
        #expect(self.harness.remains == [])
    }

    @Test func afterARefusalTheNextIsTriedAtOnce() throws {
        self.harness.names.answers["name"] = .addresses([Self.six, Self.four])
        self.network.servers = [Self.six: .refuses(.noRoute), Self.four: .accepts()]
        let start = self.harness.loop.now
        let caller = self.harness.connect(try self.harness.connector("name:80"))
        #expect(self.harness.address(of: caller) == Self.four)
        #expect(self.harness.loop.now - start < 10_000_000)
    }

    @Test func whenAllFailEachReasonIsToldOnce() throws {
        self.harness.names.answers["name"] = .addresses([Self.six, Self.four, Self.other])
        self.network.servers = [Self.six: .refuses(.noRoute)]
        let caller = self.harness.connect(try self.harness.connector("name:80"))
        let hosts = "2001:db8::1, 10.0.0.1, 10.0.0.2"
        #expect(
            caller.failure
                == .unreachable(reason: "cannot connect to name:80 (\(hosts)): no route to host; connection refused"))
    }

    /// Two stand at the same time: one is told, the other closed.
    @Test(arguments: Seed.some(20))
    func onlyOneWins(_ seed: Seed) throws {
        let harness = DialHarness(seed)
        harness.names.answers["name"] = .addresses([Self.six, Self.four])
        harness.loop.network.servers = [
            Self.six: .accepts(after: 260_000_000), Self.four: .accepts(after: 6_000_000),
        ]
        let caller = harness.connect(try harness.connector("name:80"))
        caller.connection?.stream.close()
        harness.loop.advance(by: Self.second)
        #expect(caller.toldCount == 1, "\(seed)")
        #expect(harness.loop.network.accepted.allSatisfy { !$0.end.stream.isOpen }, "\(seed)")
        #expect(harness.remains == [], "\(seed)")
    }

    @Test(arguments: ["10.0.0.1:80", "name:80"])
    func whoIsCalledOffHearsNothing(_ server: String) throws {
        self.harness.names.answers["name"] = .addresses([Self.six, Self.four])
        self.network.servers = [Self.six: .silent, Self.four: .accepts(after: 500_000_000)]
        for wait in [0, 1, 255_000_000] as [UInt64] {
            for delay in [nil, 100_000_000] as [UInt64?] {
                self.harness.names.delay = delay
                let caller = self.harness.begin(try self.harness.connector(server))
                self.harness.loop.advance(by: wait)
                caller.attempt?.cancel()
                caller.attempt?.cancel()
                self.harness.loop.advance(by: 10 * Self.second)
                #expect(!caller.isTold, "\(wait) \(String(describing: delay))")
                #expect(self.harness.remains == [])
            }
        }
    }

    /// A session may last for days: of its dial only the connection is left.
    @Test func whatServedTheDialIsLetGoOf() throws {
        self.network.servers[Self.four] = .accepts()
        self.harness.names.answers["name"] = .addresses([Self.four])
        let connector = try self.harness.connector("name:80")
        weak var attempt: (any ConnectAttempt)?
        let caller = self.harness.begin(connector)
        attempt = caller.attempt
        _ = self.harness.loop.run { caller.isTold }
        #expect(attempt != nil)
        caller.attempt = nil
        self.harness.loop.settle()
        #expect(attempt == nil)
        #expect(caller.connection != nil)
        #expect(self.harness.remains == [])
    }

    /// A loop that ends with a dial under way lets go of all of it.
    @Test(arguments: [nil, 1_000_000_000] as [UInt64?])
    func nothingHoldsItself(_ delay: UInt64?) throws {
        weak var caller: Caller?
        weak var loop: SimulatedLoop?
        do {
            let harness = DialHarness()
            loop = harness.loop
            harness.names.delay = delay
            harness.names.answers["name"] = .addresses([Self.six, Self.four])
            harness.loop.network.servers = [Self.six: .silent, Self.four: .silent]
            caller = harness.begin(try harness.connector("name:80"))
            harness.loop.advance(by: 300_000_000)
            #expect(caller != nil)
            caller?.attempt = nil
            harness.loop.forgetEverything()
        }
        #expect(caller == nil)
        #expect(loop == nil)
    }

    /// That we have no descriptor left says nothing about the server, and the next one would fare no better.
    @Test func whatIsOurOwnFaultIsNotTheServers() throws {
        self.network.servers[Self.four] = .refuses(.processFilesMax)
        let group = try self.harness.group(["10.0.0.1:80", "10.0.0.2:80"]) { $0.ejection.failuresMax = 1 }
        let caller = self.harness.connect(self.harness.connector(.group(group)))
        let hint = "raise the limit of open files (LimitNOFILE=, ulimit -n)"
        #expect(
            caller.failure
                == .unavailable(reason: "cannot open a socket for 10.0.0.1:80: too many open files; \(hint)"))
        #expect(self.network.tries.count == 1)
        #expect(self.harness.events.events == [])
        #expect(group.snapshot(now: 0).map(\.active) == [0, 0])
    }
}
