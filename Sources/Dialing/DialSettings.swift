package import SystemCalls
package import TLSEngine

/// How a route's servers are connected to.
package struct DialSettings: Sendable {
    /// What a server is told about the client in front of everything else.
    package enum ProxyHeaderChoice: Equatable, Sendable { case none, version1, version2 }

    /// TLS to the server.
    package struct TLS: Sendable {
        /// Whom we trust, and as whom we come. Verification is the business of who makes it; no ALPN names.
        package var context: ClientContext
        /// The name that the certificate must be for and that is sent (SNI); nil: that of the server's address. A unix
        /// path has none, so it must be given there.
        package var serverName: String?

        package init(context: ClientContext, serverName: String? = nil) {
            self.context = context
            self.serverName = serverName
        }
    }

    /// Nanoseconds for one server, from its name to a stream that is ready. Two lost SYNs are repeated after one and
    /// after three seconds (RFC 6298), and a person waits no longer for a page. Where there are several servers a dial
    /// may take twice as long, so that one that is silent leaves time for the next.
    package var timeout: UInt64 = 5_000_000_000
    package var options = SocketOptions()
    package var proxyHeader = ProxyHeaderChoice.none
    package var tls: TLS?
    /// Connections that wait for another request, on one worker; 0: none does.
    package var idleStreamsMax = 0
    /// Nanoseconds one of them waits. 4 s: Node.js and uvicorn close theirs after five, and who is first knows.
    package var idleStreamTimeout: UInt64 = 4_000_000_000

    package init() {}
}
