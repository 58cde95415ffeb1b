import Dialing
import IOCore
import SimulatedIO
import SystemCalls
import Testing
import Upstreams

/// Several servers behind a route.
@Suite struct GroupTests {
    private static let second: UInt64 = 1_000_000_000
    private static let addresses = (1...3).map { SocketAddress.ipv4(address: 0x0A00_0000 + $0, port: 80) }
    private static let names = ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"]

    let harness = DialHarness()
    private var network: SimulatedNetwork { self.harness.loop.network }

    private func setAll(_ behaviour: SimulatedNetwork.Behaviour) {
        for address in Self.addresses { self.network.servers[address] = behaviour }
    }

    @Test func theyTakeTurnsAndCountTheirSessions() throws {
        self.setAll(.accepts())
        let group = try self.harness.group(Self.names)
        let connector = self.harness.connector(.group(group))
        let callers = (0..<4).map { _ in self.harness.connect(connector) }
        #expect(callers.map { $0.connection?.name } == Self.names + [Self.names[0]])
        #expect(group.snapshot(now: 0).map(\.active) == [2, 1, 1])
        for caller in callers { caller.connection?.release() }
        #expect(group.snapshot(now: 0).map(\.active) == [0, 0, 0])
    }

    @Test func aServerThatRefusesIsFollowedByTheNext() throws {
        self.setAll(.accepts())
        self.network.servers[Self.addresses[0]] = .refuses()
        let group = try self.harness.group(Self.names) { $0.ejection.failuresMax = 2 }
        let connector = self.harness.connector(.group(group))
        for _ in 0..<6 {
            #expect(self.harness.address(of: self.harness.connect(connector)) != Self.addresses[0])
        }
        let reason = "cannot connect to 10.0.0.1:80: connection refused"
        let out = UpstreamEvent.ejected(server: Self.names[0], for: 10 * Self.second, reason: reason)
        #expect(self.harness.events.events == [out])
        #expect(self.network.tries.count { $0.address == Self.addresses[0] } == 2)
        #expect(group.snapshot(now: self.harness.loop.now).map(\.isIn) == [false, true, true])
        self.network.servers[Self.addresses[0]] = .accepts()
        self.harness.loop.advance(by: 11 * Self.second)
        let next = (0..<3).map { _ in self.harness.connect(connector).connection?.name ?? "" }
        #expect(Set(next) == Set(Self.names))
        #expect(self.harness.events.events == [out, .returned(server: Self.names[0])])
    }

    /// One that is silent leaves time for the next one, and for one only.
    @Test func theWholeDialHasADeadlineToo() throws {
        self.setAll(.silent)
        let start = self.harness.loop.now
        let caller = self.harness.connect(try self.harness.connector(Self.names[0], Self.names[1], Self.names[2]))
        #expect(caller.failure == .timedOut(reason: "10.0.0.2:80 did not answer within 5 s"))
        #expect((10 * Self.second..<11 * Self.second).contains(self.harness.loop.now - start))
        #expect(self.network.tries.count == 2)
        #expect(self.harness.remains == [])
    }

    @Test func whenAllRefuseTheLastIsTold() throws {
        let group = try self.harness.group(Self.names)
        let caller = self.harness.connect(self.harness.connector(.group(group)))
        #expect(caller.failure == .unreachable(reason: "cannot connect to 10.0.0.3:80: connection refused"))
        #expect(self.network.tries.map(\.address) == Self.addresses)
        #expect(group.snapshot(now: 0).map(\.active) == [0, 0, 0])
    }

    @Test func fullServersAreUnavailable() throws {
        self.setAll(.accepts())
        let group = try self.harness.group(Self.names) { $0.connectionsMax = 1 }
        let connector = self.harness.connector(.group(group))
        let callers = (0..<3).map { _ in self.harness.connect(connector) }
        let caller = self.harness.begin(connector)
        #expect(!caller.isTold)
        self.harness.loop.settle()
        let servers = Self.names.joined(separator: ", ")
        #expect(
            caller.failure == .unavailable(reason: "every server has as many connections as it may: \(servers)"))
        callers[1].connection?.release()
        #expect(self.harness.connect(connector).connection?.name == Self.names[1])
    }

    @Test func whoIsCalledOffGivesThePlaceBack() throws {
        self.setAll(.silent)
        let group = try self.harness.group(Self.names) { $0.ejection.failuresMax = 1 }
        let connector = self.harness.connector(.group(group))
        let caller = self.harness.begin(connector)
        self.harness.loop.advance(by: Self.second)
        caller.attempt?.cancel()
        #expect(group.snapshot(now: self.harness.loop.now).map(\.active) == [0, 0, 0])
        #expect(self.harness.events.events.isEmpty, "a client that left says nothing about the server")
        #expect(self.harness.remains == [])
    }

    @Test func aClientStaysWithItsServer() throws {
        self.setAll(.accepts())
        let group = try self.harness.group(Self.names) { $0.balance = .source }
        let connector = self.harness.connector(.group(group))
        var found: Set<String> = []
        for client in 0..<40 as Range<UInt32> {
            var names: Set<String> = []
            for port in [1, 2, 3] as [UInt16] {
                let request = ConnectRequest(client: .ipv4(address: client, port: port))
                names.insert(self.harness.connect(connector, request).connection?.name ?? "")
                let mapped = SocketAddress.ipv6(high: 0, low: 0xFFFF_0000_0000 | UInt64(client), port: port)
                names.insert(self.harness.connect(connector, ConnectRequest(client: mapped)).connection?.name ?? "")
            }
            #expect(names.count == 1)
            found.formUnion(names)
        }
        #expect(found == Set(Self.names))
    }

    @Test func tokensChooseTheServer() throws {
        self.network.servers[Self.addresses[1]] = .accepts()
        var reader = TokenMapReader()
        reader.read(Array("two: 10.0.0.2:80\nthree: 10.0.0.3:80\n".utf8), name: "t")
        let store = TokenStore(reader.map)
        let connector = self.harness.connector(.tokens(store))
        let connect = { (token: String?) -> Caller in
            var request = DialHarness.request
            request.token = token
            return self.harness.connect(connector, request)
        }
        #expect(connect("two").connection?.name == "10.0.0.2:80")
        #expect(connect("three").failure == .unreachable(reason: "cannot connect to 10.0.0.3:80: connection refused"))
        for token in ["four", "", "10.0.0.2:80", nil] { #expect(connect(token).failure == .unknownToken) }
        store.replace(with: TokenMap())
        #expect(connect("two").failure == .unknownToken)
    }
}
