internal import Configuration
internal import SystemCalls

/// What OpenSSL takes for connections with TLS, which is not in the workers' pools.
struct SecureMemory {
    /// 48 KiB: 43 kB were measured in the middle of a handshake, which is most; an idle connection has 15 kB, one that
    /// waits for the rest of a record 31 kB (OpenSSL 3.0, `docs/performance.md`).
    static let connectionBytesMax = 48 << 10
    /// 100 KiB: the longest chain of certificates that OpenSSL takes from a client (`SSL_MAX_CERT_LIST_DEFAULT`), and
    /// only during the handshake.
    static let clientChainBytesMax = 100 << 10

    /// Bytes of one connection with a client at most; nil: no listener has TLS.
    let clientBytesMax: Int?
    /// Connections with TLS at a time: with clients, and with servers behind routes.
    let connectionsMax: Int
    /// Bytes of all of them.
    let bytesMax: Int

    /// `descriptorsMax`: as many as the process may have open, and each connection needs one.
    init(_ plan: Plan, descriptorsMax: Int = SystemLimits.openFilesMax) {
        let listeners = plan.listeners.compactMap(\.transport.tls)
        let asks = listeners.contains { $0.clientAuthorities != nil }
        let bytes = Self.connectionBytesMax + (asks ? Self.clientChainBytesMax : 0)
        self.clientBytesMax = listeners.isEmpty ? nil : bytes
        var clients = 0
        var servers = 0
        for route in plan.routes {
            // Clamped at each step, so that the sum itself cannot overflow.
            let sessions = min(route.limits.connectionsMax.value ?? descriptorsMax, descriptorsMax)
            if !listeners.isEmpty { clients = min(clients + sessions, descriptorsMax) }
            guard case .upstream(let upstream) = route.handler, upstream.tls != nil else { continue }
            servers = min(servers + sessions, descriptorsMax - clients)
        }
        self.connectionsMax = clients + servers
        self.bytesMax = clients * bytes + servers * Self.connectionBytesMax
    }

    /// For `wsbridge check`; nothing where nobody speaks TLS.
    var lines: [String] {
        guard self.connectionsMax > 0 else { return [] }
        let one = max(self.clientBytesMax ?? 0, Self.connectionBytesMax)
        return [
            "memory of OpenSSL besides, at most",
            "  a connection with TLS: \(MemorySum.rounded(one))",
            "  \(self.connectionsMax) connections: \(MemorySum.rounded(self.bytesMax)) in all",
        ]
    }
}
