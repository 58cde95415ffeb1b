internal import IOCore
internal import TLSEngine
internal import Transport
internal import Upstreams

/// A connection to one of a route's servers. Between two requests it waits in `IdleStreams`, and is the delegate of its
/// stream; otherwise who has it is.
final class ServerConnection: UpstreamConnection {
    enum Place {
        case group(UpstreamGroup, ServerPool.Pick)
        /// Whom a client chose by a token.
        case token(UpstreamAddress)
    }

    let stream: any ByteStream
    private var place: Place
    private let surroundings: DialSurroundings
    private(set) var isReused = false
    /// When it has waited long enough.
    private(set) var waitsUntil: UInt64 = 0

    init(_ stream: any ByteStream, at place: Place, _ surroundings: DialSurroundings) {
        self.stream = stream
        self.place = place
        self.surroundings = surroundings
    }

    var name: String {
        switch self.place {
        // Every session asks for it: one text for all of them.
        case .group(let group, let pick): group.names[pick.index]
        case .token(let server): server.description
        }
    }

    var serverKey: UInt64? {
        switch self.place {
        case .group(let group, let pick): group.keys[pick.index]
        case .token: nil
        }
    }

    func release() {
        self.keepSession()
        self.leavePlace()
    }

    func park() -> Bool {
        guard let idle = self.surroundings.idle, case .group(_, let pick) = self.place else { return false }
        self.leavePlace()
        idle.park(self, at: pick.index)
        return true
    }

    private func leavePlace() {
        switch self.place {
        case .group(let group, let pick): group.ended(pick)
        case .token: break
        }
    }

    /// With TLS 1.3 it comes behind the handshake, so the end is the first time that it is there for sure.
    private func keepSession() {
        guard self.surroundings.settings.tls != nil, let secured = self.stream as? TLSStream else { return }
        let server =
            switch self.place {
            case .group(let group, let pick): group.settings.servers[pick.index]
            case .token(let server): server
            }
        self.surroundings.sessions.keep(secured.engine.session, for: server)
    }
}

// MARK: - While it waits

extension ServerConnection: ByteStreamDelegate {
    func wait(until deadline: UInt64) {
        self.waitsUntil = deadline
        self.stream.delegate = self
        self.stream.resumeReading()
    }

    /// Lends it to a request whose place at the server is `pick`.
    func lend(for pick: ServerPool.Pick) {
        guard case .group(let group, _) = self.place else { return }
        self.place = .group(group, pick)
        self.isReused = true
    }

    func closeUnused() {
        self.keepSession()
        self.stream.close()
    }

    private func leave() {
        guard case .group(_, let pick) = self.place else { return }
        self.surroundings.idle?.forget(self, at: pick.index)
        self.closeUnused()
    }

    /// Nobody has asked anything: what comes now belongs to no answer and must not come in front of the next one.
    func received(_ window: inout MutableSpan<UInt8>, from start: Int) { self.leave() }
    func inputEnded() { self.leave() }
    func outputAdvanced() {}
    func failed(_ failure: StreamFailure) { self.leave() }
}
