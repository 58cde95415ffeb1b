package import SystemCalls

/// Connects to one of the servers behind a route.
package protocol Connector: AnyObject {
    /// The client of an attempt is told once, never from inside this call, unless the attempt is cancelled.
    func connect(_ request: ConnectRequest, _ client: any ConnectClient) -> ConnectOutcome
    /// Closes what waits for another request: from now on nothing does.
    func drain()
}

extension Connector {
    package func drain() {}
}

/// For whom a connection is made.
package struct ConnectRequest: Equatable, Sendable {
    /// What the server behind sees of the client: for a hash of the source, and for a PROXY header.
    package var client: SocketAddress
    /// Where the client came in; nil where nobody knows.
    package var local: SocketAddress?
    /// Nil: the client came without TLS.
    package var tls: ClientTLS?
    /// The token the client named, where the route chooses its server by a token map.
    package var token: String?
    /// Whether a connection that has served another request will do.
    package var mayReuse = false
    /// The server that served this client before, by its key; taken while it is there.
    package var preferredServer: UInt64?

    package init(client: SocketAddress, local: SocketAddress? = nil, tls: ClientTLS? = nil, token: String? = nil) {
        self.client = client
        self.local = local
        self.tls = tls
        self.token = token
    }
}

/// What is told to a server about the client's TLS connection.
package struct ClientTLS: Equatable, Sendable {
    /// `TLSv1.3`.
    package var version: String
    /// `TLS_AES_128_GCM_SHA256`.
    package var cipher: String
    /// Of a certificate that was verified, as RFC 2253 writes it; nil: none was shown.
    package var subject: String?

    package init(version: String, cipher: String, subject: String? = nil) {
        self.version = version
        self.cipher = cipher
        self.subject = subject
    }
}

package enum ConnectOutcome {
    /// One that has served another request; only who `mayReuse` gets it, and is told nothing more.
    case reused(any UpstreamConnection)
    case underWay(any ConnectAttempt)
}

/// A connection under way.
package protocol ConnectAttempt: AnyObject {
    /// Nobody is told anything any more. After the client was told it does nothing.
    func cancel()
}

package protocol ConnectClient: AnyObject {
    /// The stream gets its delegate in this call: what the server says at once is told from then on.
    func connected(_ connection: any UpstreamConnection)
    func connectFailed(_ failure: ConnectFailure)
}

/// A connection to a server, ready for bytes: a PROXY header is written, TLS is done. It is lent to one session or
/// request at a time, which gives it back once: by `release`, or by `park`.
package protocol UpstreamConnection: AnyObject {
    var stream: any ByteStream { get }
    /// The server as configured, for logs: `127.0.0.1:5900`, `db.example:5432`, `unix:/run/x.sock`.
    var name: String { get }
    /// Whether it has served another request: then the server may have closed it a moment ago.
    var isReused: Bool { get }
    /// Stands for the server, the same for as long as it is configured; nil where clients choose by a token.
    var serverKey: UInt64? { get }
    /// Who closed the stream gives back the place at the server: for least connections and bounds.
    func release()
    /// Leaves the stream as it is, with nothing under way in either direction, to the next request. False: connections
    /// to this server serve once, and it is still the caller's.
    func park() -> Bool
}

/// Why there is no connection; a reason is one line that names the server.
package enum ConnectFailure: Error, Equatable, Sendable {
    /// 502
    case unreachable(reason: String)
    /// 504
    case timedOut(reason: String)
    /// 503: nobody can be asked at the moment.
    case unavailable(reason: String)
    /// 404: the token map has no such token.
    case unknownToken
}

extension ConnectFailure {
    /// In the words of a log line.
    package var reason: String {
        switch self {
        case .unreachable(let reason), .timedOut(let reason), .unavailable(let reason): reason
        case .unknownToken: "no such token"
        }
    }
}
