internal import ArgumentParser
internal import Configuration

/// The HTTP servers that requests are forwarded to.
struct ForwardingOptions: ParsableArguments {
    @Option(.proxy) var proxy: [String] = []
    @Option(.upstreamHost) var upstreamHost: [String] = []
    @Option(.trustedProxies) var trustedProxies: [String] = []
    @Option(.requestHeader) var requestHeader: [String] = []
    @Option(.responseHeader) var responseHeader: [String] = []
    @Option(.stripPrefix) var stripPrefix: [String] = []
    @Option(.rewrite) var rewrite: [String] = []
    @Option(.responseTimeout) var responseTimeout: [String] = []
    @Option(.stallTimeout) var stallTimeout: [String] = []
    @Option(.idleUpstreams) var idleUpstreams: [String] = []
    @Option(.idleUpstreamTimeout) var idleUpstreamTimeout: [String] = []
    @Option(.stickyCookie) var stickyCookie: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.proxy, self.proxy),
            .given(.upstreamHost, self.upstreamHost),
            .given(.trustedProxies, self.trustedProxies),
            .given(.requestHeader, self.requestHeader),
            .given(.responseHeader, self.responseHeader),
            .given(.stripPrefix, self.stripPrefix),
            .given(.rewrite, self.rewrite),
            .given(.responseTimeout, self.responseTimeout),
            .given(.stallTimeout, self.stallTimeout),
            .given(.idleUpstreams, self.idleUpstreams),
            .given(.idleUpstreamTimeout, self.idleUpstreamTimeout),
            .given(.stickyCookie, self.stickyCookie),
        ]
        return given.flatMap(\.self)
    }
}
