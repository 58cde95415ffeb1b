internal import HTTPConnection
internal import IOCore
internal import SystemCalls
internal import Telemetry
internal import Transport

/// What a connection passes before it may speak HTTP: a PROXY header, TLS, both or nothing. One a worker.
final class Doorway {
    let loop: any EventLoop
    let log: Log
    private(set) lazy var workspace = TLSWorkspace(self.loop, plainAnswer: Self.plainAnswer)

    /// What somebody gets who speaks HTTP to a TLS port.
    private static let plainAnswer: [UInt8] = {
        let text = "this port speaks TLS: write https:// or wss:// in place of http:// or ws://\n"
        let fields = "Content-Type: text/plain; charset=utf-8\r\nContent-Length: \(text.utf8.count)\r\n"
        return Array("HTTP/1.1 400 Bad Request\r\n\(fields)Connection: close\r\n\r\n\(text)".utf8)
    }()

    init(loop: any EventLoop, log: Log) {
        self.loop = loop
        self.log = log
    }

    /// Takes a fresh connection over.
    func admit(_ stream: any ByteStream, _ visit: Visit) {
        let arrival = Arrival(visit, doorway: self)
        if visit.transport.requiresProxyHeader {
            _ = ProxyProtocolAcceptor(stream, loop: self.loop, client: arrival, deadline: arrival.deadline)
        } else {
            arrival.secure(stream)
        }
    }
}

/// A connection as it was accepted, and whom it is for.
struct Visit {
    var address: SocketAddress
    let listener: SocketAddress
    /// What it has to pass.
    let transport: SharedTransport
    let service: any HTTPService
    let limits: HTTPConnection.Limits
}
