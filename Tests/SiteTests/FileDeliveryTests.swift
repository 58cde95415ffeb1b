import Buffers
import Glibc
import HTTP1
import HTTPConnection
import HTTPSemantics
import Routing
import SimulatedIO
@testable import Site
import StaticFiles
import SystemCalls
import Telemetry
import Testing

/// Real files over a simulated connection, which copies and does not send by itself: as TLS has it.
@Suite struct FileDeliveryTests {
    @Test(arguments: Seed.some(20))
    func aLargeFileArrivesWhateverTheClientDoes(_ seed: Seed) {
        let faults = SimulatedFaults.rough
        let folder = TemporaryFolder()
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        folder.write(bytes, to: "large")
        let harness = FileHarness(folder.path, seed, faults: faults, capacity: 40_000)
        harness.client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\nGET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(harness.loop.settle())
        #expect(harness.bodies == [bytes, bytes], "\(seed)")
    }

    /// A slow client stops the reading: what waits for it is one read at most.
    @Test func memoryIsBounded() {
        let folder = TemporaryFolder()
        folder.write([UInt8](repeating: 1, count: 5_000_000), to: "large")
        let harness = FileHarness(folder.path, Seed(0), capacity: 1000)
        harness.client.readBytesMax = 100
        harness.client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in 0..<3000 {
            _ = harness.loop.turn()
            #expect(harness.loop.pool.bytesLent < 300_000)
        }
        harness.client.reset()
        harness.loop.settle()
        #expect(harness.loop.pool.bytesLent == 0 && harness.loop.timerCount == 0)
    }

    @Test func aFileThatShrinksEndsTheConnection() {
        let folder = TemporaryFolder()
        folder.write([UInt8](repeating: 1, count: 900_000), to: "shrinking")
        let harness = FileHarness(folder.path, Seed(0), capacity: 1000)
        harness.client.readBytesMax = 0
        harness.client.send("GET /shrinking HTTP/1.1\r\nHost: a\r\n\r\nGET /shrinking HTTP/1.1\r\nHost: a\r\n\r\n")
        harness.loop.settle()
        folder.write([1, 2, 3], to: "shrinking")
        harness.client.readBytesMax = nil
        harness.loop.settle()
        #expect(harness.client.hasSeenEnd && harness.client.received.count < 900_000)
        harness.loop.advance(by: 2_000_000_000)
        #expect(!harness.client.stream.isOpen)
        #expect(harness.log == ["file became shorter while it was sent"])
    }
}

/// A folder of the test's own, removed at its end.
private final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/wsbridge-files-XXXXXX".utf8CString)
        self.path = unsafe String(cString: mkdtemp(&template))
    }

    deinit {
        for name in (try? FileSystem.names(in: self.path, namesMax: 100)) ?? [] {
            unsafe unlink("\(self.path)/\(name)")
        }
        unsafe rmdir(self.path)
    }

    /// In place of what the file had.
    func write(_ bytes: [UInt8], to name: String) {
        let file = unsafe fopen("\(self.path)/\(name)", "w")
        _ = unsafe fwrite(bytes, 1, bytes.count, file)
        _ = unsafe fclose(file)
    }
}

private final class FileHarness: HTTPService {
    let loop: SimulatedLoop
    let client: SimulatedClient
    private var site: FileSite?
    private(set) var log: [String] = []

    init(_ folder: String, _ seed: Seed, faults: SimulatedFaults = .none, capacity: Int) {
        self.loop = SimulatedLoop(seed, faults: faults)
        self.client = SimulatedClient(self.loop, capacity: capacity)
        let settings = FileSite.Settings(
            routeName: "/", folder: folder, indexNames: [], fallbacks: [], listsFolders: false, types: MediaTypes(),
            fields: FileFields())
        self.site = FileSite(
            settings, loop: self.loop, wallClock: { 1_700_000_000_000_000_000 }, drawBoundary: { "B" },
            log: { [weak self] _, message, _ in self?.log.append(message) })
        let address = SocketAddress.ipv4(address: 0x7F00_0001, port: 8080)
        self.client.stream.delegate = HTTPConnection(
            self.client.stream, loop: self.loop, service: self,
            client: ClientConnection(address: address, listener: address),
            limits: HTTPConnection.Limits(
                head: RequestHeadLimits(), headTimeout: 10_000_000_000, lingerTimeout: 1_000_000_000))
    }

    func serve(_ exchange: Exchange) {
        guard let path = try? RequestPath(exchange.head.path) else { return exchange.refuse(.badRequest, "no path") }
        self.site?.answer(exchange, at: RoutedPath(path))
    }

    func refused(_ client: ClientConnection, _ status: Status, _ reason: String) {}

    /// Of all whole answers.
    var bodies: [[UInt8]] {
        var bodies: [[UInt8]] = []
        var rest = self.client.received[...]
        let end = Array("\r\n\r\n".utf8)
        while let head = rest.firstRange(of: end) {
            let lines = String(decoding: rest[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
            let length = lines.first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
            bodies.append(Array(rest[head.upperBound...].prefix(length)))
            rest = rest[head.upperBound...].dropFirst(length)
        }
        return bodies
    }
}
