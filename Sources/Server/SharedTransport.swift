internal import Configuration
internal import SystemCalls
internal import TLSEngine

/// What lies between the sockets of an entrance and HTTP, for all workers.
struct SharedTransport: Sendable {
    /// Nil: plain.
    let certificates: LiveCertificates?
    let asksForCertificate: Bool
    let requiresProxyHeader: Bool

    init(_ plan: TransportPlan, _ keepers: TLSKeepers) {
        let keeper = plan.tls.flatMap { keepers.keeper(for: $0) }
        precondition(plan.tls == nil || keeper != nil, "no listener with TLS is served plain")
        self.certificates = keeper?.certificates
        self.asksForCertificate = keeper?.asksForCertificate ?? false
        self.requiresProxyHeader = plan.proxyHeader == .required
    }
}

/// The certificates in use; new ones take their place whole. Connections keep those that they began with.
final class LiveCertificates: Sendable {
    private let lock: Lock<ServerContexts>

    init(_ contexts: ServerContexts) { self.lock = Lock(contexts) }

    var contexts: ServerContexts { self.lock.withLock { $0 } }

    func replace(by contexts: ServerContexts) { self.lock.withLock { $0 = contexts } }
}
