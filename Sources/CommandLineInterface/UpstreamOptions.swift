internal import ArgumentParser
internal import Configuration

/// The servers that sessions are connected to.
struct UpstreamOptions: ParsableArguments {
    @Option(.tcp) var tcp: [String] = []
    @Option(.unix) var unix: [String] = []
    @Option(.tokenMap) var tokenMap: [String] = []
    @Option(.connectTimeout) var connectTimeout: [String] = []
    @Option(.balance) var balance: [String] = []
    @Option(.maxServerConnections) var maxServerConnections: [String] = []
    @Option(.ejectAfter) var ejectAfter: [String] = []
    @Option(.ejectTime) var ejectTime: [String] = []
    @Option(.ejectTimeMax) var ejectTimeMax: [String] = []
    @Option(.checkInterval) var checkInterval: [String] = []
    @Option(.checkTimeout) var checkTimeout: [String] = []
    @Option(.checkFall) var checkFall: [String] = []
    @Option(.checkRise) var checkRise: [String] = []
    @Option(.checkPath) var checkPath: [String] = []
    @Option(.checkStatus) var checkStatus: [String] = []
    @Option(.checkHost) var checkHost: [String] = []
    @Option(.upstreamKeepalive) var upstreamKeepalive: [String] = []
    @Option(.proxyProtocolOut) var proxyProtocolOut: [String] = []
    @Flag(.upstreamTLS) var upstreamTLS = false
    @Option(.upstreamTLSCA) var upstreamTLSCA: [String] = []
    @Option(.upstreamTLSName) var upstreamTLSName: [String] = []
    @Option(.upstreamTLSCert) var upstreamTLSCert: [String] = []
    @Option(.upstreamTLSKey) var upstreamTLSKey: [String] = []

    var settings: [Setting] {
        let given: [[Setting]] = [
            .given(.tcp, self.tcp),
            .given(.unix, self.unix),
            .given(.tokenMap, self.tokenMap),
            .given(.connectTimeout, self.connectTimeout),
            .given(.balance, self.balance),
            .given(.maxServerConnections, self.maxServerConnections),
            .given(.ejectAfter, self.ejectAfter),
            .given(.ejectTime, self.ejectTime),
            .given(.ejectTimeMax, self.ejectTimeMax),
            .given(.checkInterval, self.checkInterval),
            .given(.checkTimeout, self.checkTimeout),
            .given(.checkFall, self.checkFall),
            .given(.checkRise, self.checkRise),
            .given(.checkPath, self.checkPath),
            .given(.checkStatus, self.checkStatus),
            .given(.checkHost, self.checkHost),
            .given(.upstreamKeepalive, self.upstreamKeepalive),
            .given(.proxyProtocolOut, self.proxyProtocolOut),
            .given(.upstreamTLS, self.upstreamTLS),
            .given(.upstreamTLSCA, self.upstreamTLSCA),
            .given(.upstreamTLSName, self.upstreamTLSName),
            .given(.upstreamTLSCert, self.upstreamTLSCert),
            .given(.upstreamTLSKey, self.upstreamTLSKey),
        ]
        return given.flatMap(\.self)
    }
}
