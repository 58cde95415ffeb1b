import Buffers
import HTTP1
import HTTPConnection
import HTTPSemantics
import IOCore
import SimulatedIO
import SystemCalls

/// One connection over a simulated stream, with a service that answers as the test wants it.
final class HTTPHarness {
    static let headTimeout: UInt64 = 10_000_000_000
    static let lingerTimeout: UInt64 = 2_000_000_000

    let loop: SimulatedLoop
    let client: SimulatedClient
    let service = ScriptedService()
    weak var connection: HTTPConnection?

    /// `spent`: nanoseconds that passed between accepting and now.
    init(
        _ seed: Seed = Seed(0), faults: SimulatedFaults = .none, capacity: Int = 64 << 10, spent: UInt64 = 0
    ) {
        self.loop = SimulatedLoop(seed, faults: faults)
        self.client = SimulatedClient(self.loop, capacity: capacity)
        let address = SocketAddress.ipv4(address: 0x7F00_0001, port: 8080)
        let connection = HTTPConnection(
            self.client.stream, loop: self.loop, service: self.service,
            client: ClientConnection(address: address, listener: address),
            limits: HTTPConnection.Limits(
                head: RequestHeadLimits(), headTimeout: Self.headTimeout, lingerTimeout: Self.lingerTimeout),
            since: self.loop.now &- spent)
        self.client.stream.delegate = connection
        self.connection = connection
    }

    var answers: [HTTPAnswer] { HTTPAnswer.parse(self.client.received) }

    /// What is left once everything is over: nothing.
    var remains: [String] {
        var remains: [String] = []
        if self.connection != nil { remains.append("the connection") }
        if self.client.stream.isOpen { remains.append("the stream") }
        if self.loop.timerCount > 0 { remains.append("\(self.loop.timerCount) timers") }
        if self.loop.pool.bytesLent > 0 { remains.append("\(self.loop.pool.bytesLent) bytes of the pool") }
        return remains
    }
}

/// Answers `200` with the target as body, unless the path asks for something else.
final class ScriptedService: HTTPService {
    /// Exchanges that were not answered at once.
    var waiting: [Exchange] = []
    var refusals: [Status] = []
    var cancellations = 0
    var targets: [String] = []
    /// Who gets an upgraded stream.
    weak var upgraded: CollectingDelegate?
    var dateStamp: DateStamp?

    func serve(_ exchange: Exchange) {
        self.targets.append(exchange.head.target)
        switch exchange.head.path {
        case "/later":
            exchange.cancelled = { [weak self] in self?.cancellations += 1 }
            self.waiting.append(exchange)
        case "/upgrade":
            self.upgrade(exchange)
        case "/large":
            exchange.respond(ResponseHead(status: .ok), body: [UInt8](repeating: 0x61, count: 300_000))
        default:
            self.answer(exchange)
        }
    }

    func answer(_ exchange: Exchange) {
        exchange.respond(ResponseHead(status: .ok), body: Array(exchange.head.target.utf8))
    }

    func upgrade(_ exchange: Exchange) {
        exchange.upgrade(ResponseHead(status: .switchingProtocols)) { stream in
            let delegate = CollectingDelegate(stream)
            self.upgraded = delegate
            return delegate
        }
    }

    func refused(_ client: ClientConnection, _ status: Status, _ reason: String) {
        self.refusals.append(status)
    }
}

/// Keeps what it hears.
final class CollectingDelegate: ByteStreamDelegate {
    let stream: any ByteStream
    var bytes: [UInt8] = []
    var hasEnded = false

    init(_ stream: any ByteStream) { self.stream = stream }

    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        for index in start..<window.count { self.bytes.append(window[index]) }
        // A delegate may overwrite what is in front of its input.
        for index in start - ReceiveWindow.headroom..<window.count { window[index] = 0 }
    }
    func inputEnded() {
        self.hasEnded = true
        self.stream.close()
    }
    func outputAdvanced() {}
    func failed(_ failure: StreamFailure) {}
}

/// An answer as a client reads it.
struct HTTPAnswer: Equatable, CustomStringConvertible {
    var status: Int
    var body: String
    var keepsAlive: Bool

    var description: String {
        "\(self.status) \(self.body.prefix(40).debugDescription) keeps alive: \(self.keepsAlive)"
    }

    init(_ status: Int, _ body: String, keepsAlive: Bool = true) {
        self.status = status
        self.body = body
        self.keepsAlive = keepsAlive
    }

    /// All whole answers; 101 ends the parsing.
    static func parse(_ bytes: [UInt8]) -> [HTTPAnswer] {
        var answers: [HTTPAnswer] = []
        var rest = bytes[...]
        while let end = Self.headEnd(rest) {
            let lines = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\r\n")
            let status = Int(lines[0].split(separator: " ")[1]) ?? 0
            let length =
                lines.first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
            guard rest.count - (end - rest.startIndex) >= length else { break }
            answers.append(
                HTTPAnswer(
                    status, String(decoding: rest[end..<end + length], as: UTF8.self),
                    keepsAlive: lines.contains("Connection: keep-alive")))
            rest = rest[(end + length)...]
        }
        return answers
    }

    private static func headEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index + 4 <= bytes.endIndex {
            if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 {
                return index + 4
            }
            index += 1
        }
        return nil
    }
}

func get(_ target: String, _ fields: String = "") -> String {
    "GET \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
}
