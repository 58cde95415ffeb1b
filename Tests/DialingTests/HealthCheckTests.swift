import Dialing
import IOCore
import ProxyProtocol
import SimulatedIO
import SystemCalls
import Testing
import Upstreams

@Suite struct HealthCheckTests {
    private static let second: UInt64 = 1_000_000_000
    private static let first = SocketAddress.ipv4(address: 0x0A00_0001, port: 80)
    private static let names = ["10.0.0.1:80", "name:80"]

    let harness = DialHarness()
    private var network: SimulatedNetwork { self.harness.loop.network }

    private func group() throws -> UpstreamGroup {
        try self.harness.group(Self.names) { $0.check = CheckSettings() }
    }

    private func checks(_ group: UpstreamGroup, _ settings: DialSettings = DialSettings()) throws -> HealthChecks {
        try #require(
            HealthChecks(group, settings, loop: self.harness.loop, names: self.harness.names) {
                self.harness.workspace
            })
    }

    @Test func aServerFallsAndRises() throws {
        self.network.servers[Self.first] = .accepts()
        let group = try self.group()
        let checks = try self.checks(group)
        checks.start()
        self.harness.loop.advance(by: 12 * Self.second)
        #expect(self.harness.events.events == [], "two failures are not three")
        self.harness.loop.advance(by: 3 * Self.second)
        let reason = "cannot resolve the name in name:80: name or service not known"
        #expect(self.harness.events.events == [.down(server: "name:80", reason: reason)])
        #expect(group.snapshot(now: 0).map(\.isIn) == [true, false])
        self.network.servers[Self.first] = .silent
        self.harness.loop.advance(by: 30 * Self.second)
        #expect(self.harness.events.events.count == 2)
        let caller = self.harness.connect(self.harness.connector(.group(group)))
        let servers = Self.names.joined(separator: ", ")
        #expect(caller.failure == .unavailable(reason: "checks found every server down: \(servers)"))
        self.network.servers[Self.first] = .accepts()
        self.harness.loop.advance(by: 14 * Self.second)
        #expect(self.harness.events.events.last == .up(server: "10.0.0.1:80"))
        #expect(self.harness.connect(self.harness.connector(.group(group))).connection?.name == "10.0.0.1:80")
        checks.stop()
        #expect(self.network.openCount == 0)
        let count = self.network.tries.count
        self.harness.loop.advance(by: 60 * Self.second)
        #expect(self.network.tries.count == count)
        #expect(self.harness.remains == [])
    }

    @Test func aServerBehindAHeaderHasNothingToComplainAbout() throws {
        for (choice, header) in [
            (DialSettings.ProxyHeaderChoice.none, [UInt8]()), (.version1, ProxyHeader.local.version1),
            (.version2, ProxyHeader.local.version2()),
        ] {
            let harness = DialHarness()
            harness.loop.network.servers[Self.first] = .accepts()
            var settings = DialSettings()
            settings.proxyHeader = choice
            let group = try harness.group([Self.names[0]]) { $0.check = CheckSettings() }
            let checks = try #require(
                HealthChecks(group, settings, loop: harness.loop, names: harness.names) { harness.workspace })
            checks.start()
            harness.loop.advance(by: Self.second)
            let end = try #require(harness.loop.network.accepted.first?.end)
            #expect(end.received == header)
            #expect(end.hasSeenEnd)
            checks.stop()
        }
    }

    @Test func stoppingEndsACheckUnderWay() throws {
        self.network.servers[Self.first] = .silent
        let checks = try self.checks(try self.group())
        checks.start()
        self.harness.loop.advance(by: Self.second)
        #expect(self.network.openCount == 1)
        checks.stop()
        #expect(self.harness.remains == [])
    }

    @Test func whatIsOurOwnFaultIsNotTheServers() throws {
        self.network.servers[Self.first] = .refuses(.systemFilesMax)
        let checks = try self.checks(try self.harness.group([Self.names[0]]) { $0.check = CheckSettings() })
        checks.start()
        self.harness.loop.advance(by: 60 * Self.second)
        #expect(self.network.tries.count > 10)
        #expect(self.harness.events.events == [])
        checks.stop()
    }

    @Test func nobodyIsAskedUnlessItIsSaid() throws {
        let group = try self.harness.group(Self.names)
        let checks = HealthChecks(group, DialSettings(), loop: self.harness.loop, names: self.harness.names) {
            self.harness.workspace
        }
        #expect(checks == nil)
    }
}
