internal import IOCore
internal import SystemCalls
internal import Transport
internal import Upstreams

/// What all dials of one route on one worker share.
final class DialSurroundings {
    let settings: DialSettings
    let loop: any EventLoop
    let names: any NameLookup
    let sessions = TLSSessions()
    private let makeWorkspace: () -> TLSWorkspace
    private(set) lazy var workspace = self.makeWorkspace()

    init(
        _ settings: DialSettings, loop: any EventLoop, names: any NameLookup,
        makeWorkspace: @escaping () -> TLSWorkspace
    ) {
        self.settings = settings
        self.loop = loop
        self.names = names
        self.makeWorkspace = makeWorkspace
    }
}

/// What older TLS connections left, by server: the next handshake is shorter with it.
final class TLSSessions {
    /// Servers that are remembered: a session has about 2 KB, and only a token map has more servers.
    private static let serversMax = 256

    private var sessions: [UpstreamAddress: [UInt8]] = [:]

    func session(for server: UpstreamAddress) -> [UInt8]? { self.sessions[server] }

    func keep(_ session: [UInt8]?, for server: UpstreamAddress) {
        guard let session else { return }
        if self.sessions.count >= Self.serversMax, self.sessions[server] == nil { self.sessions = [:] }
        self.sessions[server] = session
    }
}

// MARK: - Parts of addresses

extension UpstreamAddress {
    /// Nil: a unix path has none.
    var host: String? {
        switch self {
        case .host(let host, _): host
        case .unix: nil
        }
    }

    var port: UInt16 {
        switch self {
        case .host(_, let port): port
        case .unix: 0
        }
    }

    /// Whether it is this very address and no name for it.
    func names(_ address: SocketAddress) -> Bool {
        switch self {
        case .host(let host, let port): SocketAddress(numericHost: host, port: port) == address
        case .unix(let path): address == .unix(path: path)
        }
    }
}
