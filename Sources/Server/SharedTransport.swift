internal import Configuration
internal import TLSEngine

/// What lies between sockets and HTTP.
struct SharedTransport: Sendable {
    let contexts: ServerContexts?
    let asksForCertificate: Bool
    let requiresProxyHeader: Bool

    init(_ plan: TransportPlan, _ keeper: TLSKeeper?) {
        self.contexts = keeper?.contexts
        self.asksForCertificate = keeper?.asksForCertificate ?? false
        self.requiresProxyHeader = plan.proxyHeader == .required
    }
}
