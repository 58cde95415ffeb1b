/// Every option there is, by its name on the command line; the file spells it with `_` (`key`).
package enum OptionName: String, CaseIterable, Sendable {
    case config
    case listen, port, workers, console
    case drainTimeout = "drain-timeout"
    case removedRouteTimeout = "removed-route-timeout"
    case metricsListen = "metrics-listen"

    case cmd, shell, echo
    case cwd, env
    case passEnv = "pass-env"
    case passCookie = "pass-cookie"
    case pty, stderr
    case teardownCloseWait = "teardown-close-wait"
    case teardownTermWait = "teardown-term-wait"
    case closeCodeBase = "close-code-base"

    case user, group, umask, nice
    case noNewPrivileges = "no-new-privileges"
    case rlimit

    case tcp, unix
    case tokenMap = "token-map"
    case connectTimeout = "connect-timeout"
    case balance
    case maxServerConnections = "max-server-connections"
    case ejectAfter = "eject-after"
    case ejectTime = "eject-time"
    case ejectTimeMax = "eject-time-max"
    case checkInterval = "check-interval"
    case checkTimeout = "check-timeout"
    case checkFall = "check-fall"
    case checkRise = "check-rise"
    case checkPath = "check-path"
    case checkStatus = "check-status"
    case checkHost = "check-host"
    case upstreamKeepalive = "upstream-keepalive"
    case proxyProtocolOut = "proxy-protocol-out"
    case upstreamTLS = "upstream-tls"
    case upstreamTLSCA = "upstream-tls-ca"
    case upstreamTLSName = "upstream-tls-name"
    case upstreamTLSCert = "upstream-tls-cert"
    case upstreamTLSKey = "upstream-tls-key"

    case proxy
    case upstreamHost = "upstream-host"
    case trustedProxies = "trusted-proxies"
    case requestHeader = "request-header"
    case responseHeader = "response-header"
    case stripPrefix = "strip-prefix"
    case rewrite
    case responseTimeout = "response-timeout"
    case stallTimeout = "stall-timeout"
    case idleUpstreams = "idle-upstreams"
    case idleUpstreamTimeout = "idle-upstream-timeout"
    case stickyCookie = "sticky-cookie"

    case `static`
    case staticIndex = "static-index"
    case tryFiles = "try-files"
    case staticListing = "static-listing"
    case staticPrecompressed = "static-precompressed"
    case staticCache = "static-cache"
    case staticType = "static-type"

    case framing
    case messageType = "message-type"
    case innerNewline = "inner-newline"
    case longRecord = "long-record"
    case invalidText = "invalid-text"
    case maxRecordSize = "max-record-size"

    case origin, host, subprotocol
    case requireSubprotocol = "require-subprotocol"

    case maxConnections = "max-connections"
    case maxConnectionsPerIP = "max-connections-per-ip"
    case maxMessageSize = "max-message-size"
    case maxFrameSize = "max-frame-size"
    case maxBackpressure = "max-backpressure"
    case idleTimeout = "idle-timeout"
    case maxLifetime = "max-lifetime"
    case handshakeTimeout = "handshake-timeout"
    case closeTimeout = "close-timeout"
    case pingInterval = "ping-interval"
    case pingTimeout = "ping-timeout"
    case messageRate = "message-rate"
    case connectRate = "connect-rate"

    case tls
    case tlsCert = "tls-cert"
    case tlsKey = "tls-key"
    case tlsMinVersion = "tls-min-version"
    case tlsCiphers = "tls-ciphers"
    case tlsClientCA = "tls-client-ca"
    case tlsClientAuth = "tls-client-auth"
    case tlsRedirect = "tls-redirect"
    case proxyProtocol = "proxy-protocol"

    case logLevel = "log-level"
    case logFormat = "log-format"

    /// `--idle-timeout`
    package var flag: String { "--\(self.rawValue)" }
    /// `idle_timeout`. The handler of a route is spelt out, as `echo` is; on the command line `--cmd` is what is typed
    /// often.
    package var key: String {
        self == .cmd ? "command" : String(self.rawValue.map { $0 == "-" ? "_" : $0 })
    }
}
