import Configuration
import Testing

@testable import Server

@Suite struct SecureMemoryTests {
    private static func plan(_ settings: (OptionName, String)...) throws -> Plan {
        try PlanDraft(settings: settings.map { Setting($0.0, $0.1) }).check().get().plan
    }

    @Test func plainNeedsNothing() throws {
        let memory = SecureMemory(try Self.plan((.echo, "true")), descriptorsMax: 1000)
        #expect(memory.connectionsMax == 0 && memory.lines.isEmpty)
    }

    @Test(arguments: [("500", 500), ("unlimited", 1000), ("5000", 1000)])
    func asManyAsThereMayBe(_ limit: String, connections: Int) throws {
        let plan = try Self.plan((.echo, "true"), (.tls, "self-signed"), (.maxConnections, limit))
        let memory = SecureMemory(plan, descriptorsMax: 1000)
        #expect(memory.connectionsMax == connections)
        #expect(memory.bytesMax == connections * SecureMemory.connectionBytesMax)
    }

    @Test func certificatesOfClientsTakeMore() throws {
        let plan = try Self.plan(
            (.echo, "true"), (.tls, "self-signed"), (.tlsClientCA, "ca"), (.maxConnections, "10"))
        let memory = SecureMemory(plan, descriptorsMax: 1000)
        #expect(memory.bytesMax == 10 * (SecureMemory.connectionBytesMax + SecureMemory.clientChainBytesMax))
    }

    @Test func serversCountToo() throws {
        let settings: [(OptionName, String)] = [(.tcp, "a:1"), (.upstreamTLS, "true"), (.maxConnections, "10")]
        let plain = try PlanDraft(settings: settings.map { Setting($0.0, $0.1) }).check().get().plan
        #expect(SecureMemory(plain, descriptorsMax: 1000).connectionsMax == 10)
        let both = PlanDraft(settings: (settings + [(.tls, "self-signed")]).map { Setting($0.0, $0.1) }).check()
        let memory = try SecureMemory(both.get().plan, descriptorsMax: 15)
        #expect(memory.connectionsMax == 15 && memory.lines.last == "  15 connections: 720KiB in all")
    }
}
