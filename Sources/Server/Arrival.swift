internal import HTTPConnection
internal import IOCore
internal import ProxyProtocol
internal import SystemCalls
internal import TLSEngine
internal import Telemetry
internal import Transport

/// One connection on its way through the doorway. All of it has one deadline: that of the request's head.
final class Arrival {
    private var visit: Visit
    private let doorway: Doorway
    private let accepted: UInt64

    init(_ visit: Visit, doorway: Doorway) {
        self.visit = visit
        self.doorway = doorway
        self.accepted = doorway.loop.now
    }

    var deadline: UInt64 { self.accepted &+ self.visit.limits.headTimeout }

    /// Puts TLS on the stream if there is any.
    func secure(_ stream: any ByteStream) {
        guard let certificates = self.visit.transport.certificates else { return self.serve(stream, nil, nil) }
        guard let engine = TLSEngine(certificates.contexts) else { return stream.close() }
        _ = TLSStream(
            over: stream, engine, workspace: self.doorway.workspace, client: self, deadline: self.deadline)
    }

    private func serve(_ stream: any ByteStream, _ tls: ClientTLS?, _ certificate: ClientCertificate?) {
        let client = ClientConnection(
            address: self.visit.address, listener: self.visit.listener, tls: tls, certificate: certificate)
        stream.delegate = HTTPConnection(
            stream, loop: self.doorway.loop, service: self.visit.service, client: client, limits: self.visit.limits,
            since: self.accepted)
    }

    private func report(_ level: LogLevel, _ what: String, _ reason: String) {
        self.doorway.log.write(
            level, what,
            [LogField("reason", .string(reason)), LogField("client", .string(self.visit.address.description))])
    }
}

extension Arrival: ProxyProtocolClient {
    func proxyHeaderReceived(_ header: ProxyHeader, on stream: any ByteStream) {
        switch header {
        case .local: break
        case .proxied(let client, _): self.visit.address = SocketAddress(client)
        }
        self.secure(stream)
    }

    func proxyHeaderFailed(_ failure: ProxyHeaderFailure) {
        switch failure {
        // A load balancer that looks whether the port is open.
        case .cut(isSilent: true): self.report(.debug, "connection refused", failure.reason)
        case .cut(isSilent: false), .late, .transport, .violation:
            self.report(.warning, "connection refused; --proxy-protocol required", failure.reason)
        }
    }
}

extension Arrival: TLSHandshakeClient {
    func handshakeCompleted(_ stream: TLSStream) {
        var certificate: ClientCertificate?
        if self.visit.transport.asksForCertificate {
            certificate = stream.engine.peerSubject.map { .verified(subject: $0) } ?? ClientCertificate.none
        }
        let tls = ClientTLS(
            version: stream.engine.version, cipher: stream.engine.cipher, subject: stream.engine.peerSubject)
        self.serve(stream, tls, certificate)
    }

    func handshakeFailed(_ failure: TLSHandshakeFailure) {
        switch failure {
        // Scanners, and browsers that open a connection in advance: nobody can do anything about them.
        case .cut, .transport: self.report(.debug, "TLS handshake failed", failure.reason)
        case .late, .plainHTTP, .tls: self.report(.info, "TLS handshake failed", failure.reason)
        }
    }
}
