internal import Bridge
internal import HTTPConnection
internal import IOCore
internal import SystemCalls
internal import Telemetry
internal import WebSocket

/// A WebSocket between a client and a server behind: bytes go through as they are, in both directions.
///
/// It reads the headers of frames and no payload: so it counts messages, refuses those that are too large, and ends
/// with a Close between two frames when the server goes away.
///
///     open ──Close of ours──▶ closing ──both ends are done──▶ over
///      └──────both ends are done, or one broke──────────────────▲
final class Tunnel {
    enum Phase: Equatable {
        case open
        /// Somebody ends it; since when is in `movedAt`.
        case closing
        case over
    }

    /// What is to be expected of one end.
    enum End: Equatable {
        case open
        /// It sends nothing more that anybody needs.
        case done
        /// Its connection broke: nothing reaches it either.
        case gone
    }

    let client: any ByteStream
    let server: any ByteStream
    let settings: SessionSettings
    let proxy: ProxySettings
    let identity: SessionIdentity
    private let connection: any UpstreamConnection
    private(set) var counters = SessionCounters()
    var toServer = TunnelLane()
    var toClient = TunnelLane()
    var toServerFlow = Flow()
    var toClientFlow = Flow()
    var phase = Phase.open
    var clientEnd = End.open
    var serverEnd = End.open
    /// What the log says at the end.
    var code = CloseCode.abnormal
    /// What our own Close says to each.
    var farewells = (toClient: Farewell.goingAway, toServer: Farewell.goingAway)
    var timer: TimerID?
    /// The last time that anything came.
    var movedAt: UInt64
    /// Bytes on their way when the timer was started.
    var undelivered = 0
    var isDraining = false

    init(
        _ client: any ByteStream, _ connection: any UpstreamConnection, identity: SessionIdentity,
        _ settings: SessionSettings, _ proxy: ProxySettings
    ) {
        self.client = client
        self.server = connection.stream
        self.connection = connection
        self.identity = identity
        self.settings = settings
        self.proxy = proxy
        self.movedAt = settings.loop.now
    }

    /// Takes the server's stream over; the client's is its maker's to give.
    func start() {
        self.server.delegate = TunnelServerEnd(self)
        self.server.resumeReading()
        self.settings.tally.sessionsStarted &+= 1
        self.settings.log.sessionBegan()
        if self.settings.log.isEnabled(.info) { self.settings.log.write(.info, "session opened", self.fields) }
        self.schedule()
    }

    var loop: any EventLoop { self.settings.loop }

    var fields: [LogField] {
        [
            LogField("route", .string(self.settings.routeName)), LogField("id", .id(self.identity.id)),
            LogField("client", .string(self.identity.client.description)),
            LogField("upstream", .string(self.connection.name)),
        ]
    }

    /// Lets go of everything, and says so.
    func finish() {
        guard self.phase != .over else { return }
        self.phase = .over
        self.stopTimer()
        self.settings.tally.moved.add(self.counters)
        self.client.close()
        self.server.close()
        self.connection.release()
        let log = self.settings.log
        if log.isEnabled(.info) {
            let milliseconds = (self.loop.now &- self.identity.startedAt) / 1_000_000
            log.write(
                .info, "session closed",
                self.fields + [LogField("duration_ms", .integer(Int64(clamping: milliseconds)))]
                    + self.counters.logFields + [LogField("close", .integer(Int64(self.code.rawValue)))])
        }
        self.settings.tally.sessionsEnded.count(CloseGroup(self.code.rawValue))
        log.sessionEnded(self.identity)
    }
}

// MARK: - What comes

extension Tunnel {
    func clientSent(_ window: inout MutableSpan<UInt8>, from start: Int) {
        guard self.phase != .over else { return }
        self.movedAt = self.loop.now
        let (passing, event) = self.toServer.take(&window, from: start, messageBytesMax: self.proxy.messageBytesMax)
        if !passing.isEmpty { self.server.write(window.span.extracting(passing)) }
        let count = self.toServer.takeCount()
        self.counters.received(messages: count.messages, payloadBytes: count.payloadBytes)
        switch event {
        case .none: break
        case .peerClosed: self.clientClosed()
        case .closeDue(let peerClosed):
            self.tellServer()
            if peerClosed { self.clientClosed() }
        case .tooLarge: self.close(.tooLarge, toServer: .clientRefused)
        }
        self.noteInput()
    }

    func serverSent(_ window: inout MutableSpan<UInt8>, from start: Int) {
        guard self.phase != .over else { return }
        self.movedAt = self.loop.now
        let (passing, event) = self.toClient.take(&window, from: start, messageBytesMax: self.proxy.messageBytesMax)
        if !passing.isEmpty { self.client.write(window.span.extracting(passing)) }
        let count = self.toClient.takeCount()
        // What comes for a client that is gone is read and goes nowhere.
        if self.clientEnd != .gone {
            self.counters.sent(messages: count.messages, payloadBytes: count.payloadBytes)
        }
        switch event {
        case .none: break
        case .peerClosed: self.serverClosed()
        case .closeDue(let peerClosed):
            self.tellClient()
            if peerClosed { self.serverClosed() }
        case .tooLarge: self.close(.serverRefused, toServer: .tooLarge)
        }
        self.noteOutput()
    }

    /// What the client sends follows what the server takes.
    func noteInput() {
        switch self.toServerFlow.update(waiting: self.server.unsentCount, self.settings.watermarks) {
        case .none: break
        case .pauseSource:
            self.settings.tally.pauses.count(.received)
            self.client.pauseReading()
        case .resumeSource: self.client.resumeReading()
        }
    }

    /// What the server sends follows what the client takes.
    func noteOutput() {
        switch self.toClientFlow.update(waiting: self.client.unsentCount, self.settings.watermarks) {
        case .none: break
        case .pauseSource:
            self.settings.tally.pauses.count(.sent)
            self.server.pauseReading()
        case .resumeSource: self.server.resumeReading()
        }
    }
}

// MARK: - The two streams

extension Tunnel: ByteStreamDelegate {
    func received(_ window: inout MutableSpan<UInt8>, from start: Int) { self.clientSent(&window, from: start) }
    func inputEnded() { self.clientEnded() }
    func outputAdvanced() {
        self.noteOutput()
        self.finishIfDone()
    }
    func failed(_ failure: StreamFailure) { self.clientEnded(as: .gone) }
}

/// The delegate of the server's stream.
final class TunnelServerEnd: ByteStreamDelegate {
    private let tunnel: Tunnel

    init(_ tunnel: Tunnel) { self.tunnel = tunnel }

    func received(_ window: inout MutableSpan<UInt8>, from start: Int) { self.tunnel.serverSent(&window, from: start) }
    func inputEnded() { self.tunnel.serverEnded() }
    func outputAdvanced() {
        self.tunnel.noteInput()
        self.tunnel.finishIfDone()
    }
    func failed(_ failure: StreamFailure) { self.tunnel.serverEnded(as: .gone) }
}
