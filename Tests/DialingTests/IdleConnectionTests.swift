import Dialing
import IOCore
import SimulatedIO
import SystemCalls
import Testing
import Upstreams

/// Connections that wait for another request.
@Suite struct IdleConnectionTests {
    private static let second: UInt64 = 1_000_000_000
    private static let addresses = (1...2).map { SocketAddress.ipv4(address: 0x0A00_0000 + $0, port: 80) }
    private static let names = ["10.0.0.1:80", "10.0.0.2:80"]

    let harness = DialHarness()
    private var network: SimulatedNetwork { self.harness.loop.network }

    init() {
        for address in Self.addresses { self.network.servers[address] = .accepts() }
    }

    private static let settings: DialSettings = {
        var settings = DialSettings()
        settings.idleStreamsMax = 2
        return settings
    }()

    private static let request: ConnectRequest = {
        var request = DialHarness.request
        request.mayReuse = true
        return request
    }()

    private func connect(_ connector: UpstreamConnector) throws -> any UpstreamConnection {
        let caller = self.harness.connect(connector, Self.request)
        return try #require(caller.connection)
    }

    /// Far ends whose connection stands.
    private var openEnds: [Int] {
        self.harness.loop.settle()
        return self.network.accepted.indices.filter { self.network.accepted[$0].end.stream.isOpen }
    }

    @Test func oneThatWaitsIsTakenAtOnceAndHoldsItsPlaceOnlyWhileItIsLent() throws {
        let group = try self.harness.group([Self.names[0]])
        let connector = self.harness.connector(.group(group), Self.settings)
        let first = try self.connect(connector)
        #expect(!first.isReused)
        #expect(group.snapshot(now: 0).map(\.active) == [1])
        #expect(first.park())
        #expect(group.snapshot(now: 0).map(\.active) == [0])
        let caller = self.harness.begin(connector, Self.request)
        let second = try #require(caller.connection)
        #expect(second.isReused && second.stream === first.stream && second.name == Self.names[0])
        #expect(group.snapshot(now: 0).map(\.active) == [1])
        second.stream.close()
        second.release()
        #expect(group.snapshot(now: 0).map(\.active) == [0])
        #expect(self.openEnds == [])
    }

    @Test func whoMayNotReuseGetsANewOne() throws {
        let connector = try self.harness.connector(Self.names[0], settings: Self.settings)
        #expect(try self.connect(connector).park())
        #expect(self.harness.connect(connector).connection?.isReused == false)
        #expect(self.network.accepted.count == 2)
    }

    @Test func theFreshestIsTakenAndThoseBeyondTheBoundAreClosed() throws {
        let connector = try self.harness.connector(Self.names[0], settings: Self.settings)
        let connections = try (0..<3).map { _ in try self.connect(connector) }
        for connection in connections { #expect(connection.park()) }
        #expect(self.openEnds == [0, 1])
        #expect(try self.connect(connector).stream === connections[1].stream)
        #expect(try self.connect(connector).stream === connections[0].stream)
        #expect(try self.connect(connector).isReused == false)
    }

    @Test func eachWaitsItsOwnTime() throws {
        let connector = try self.harness.connector(Self.names[0], settings: Self.settings)
        let connections = try (0..<2).map { _ in try self.connect(connector) }
        #expect(connections[0].park())
        self.harness.loop.advance(by: 3 * Self.second)
        #expect(connections[1].park())
        #expect(self.openEnds == [0, 1])
        self.harness.loop.advance(by: 2 * Self.second)
        #expect(self.openEnds == [1])
        self.harness.loop.advance(by: 3 * Self.second)
        #expect(self.openEnds == [])
        #expect(self.harness.remains == [])
    }

    /// What waits is no reason to choose a server: the balance is first asked, and once.
    @Test func theBalanceChoosesAndARequestWithoutAConnectionThereGetsANewOne() throws {
        let group = try self.harness.group(Self.names)
        let connector = self.harness.connector(.group(group), Self.settings)
        #expect(try self.connect(connector).park())
        let names = try (0..<3).map { _ in try self.connect(connector).name }
        #expect(names == [Self.names[1], Self.names[0], Self.names[1]])
        #expect(self.network.tries.map(\.address) == [0, 1, 1].map { Self.addresses[$0] })
    }

    @Test(arguments: [true, false])
    func oneThatTheServerEndsOrTalksOnIsForgotten(_ endsIt: Bool) throws {
        let group = try self.harness.group([Self.names[0]])
        let connector = self.harness.connector(.group(group), Self.settings)
        #expect(try self.connect(connector).park())
        let end = self.network.accepted[0].end
        if endsIt { end.finish() } else { end.send([1]) }
        #expect(self.openEnds == [])
        let next = try self.connect(connector)
        #expect(!next.isReused)
        #expect(group.snapshot(now: 0).map(\.active) == [1])
    }

    @Test func aRouteThatGoesClosesThemAndThoseThatComeLater() throws {
        let connector = try self.harness.connector(Self.names[0], settings: Self.settings)
        let connections = try (0..<2).map { _ in try self.connect(connector) }
        #expect(connections[0].park())
        connector.drain()
        #expect(self.openEnds == [1])
        #expect(connections[1].park())
        #expect(self.openEnds == [])
        #expect(self.harness.remains == [])
    }

    @Test func oneThatCarriesAProxyHeaderServesOnce() throws {
        var settings = Self.settings
        settings.proxyHeader = .version2
        let connection = try self.connect(try self.harness.connector(Self.names[0], settings: settings))
        #expect(!connection.park())
        #expect(self.openEnds == [0])
    }
}
