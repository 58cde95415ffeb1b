internal import IOCore
internal import SystemCalls
internal import Telemetry
internal import WebSocket

/// A session's server: a stream that takes the client's messages and gives what becomes messages to it.
///
/// Each direction ends by itself. When the server has sent its last byte the client gets a Close, and what it was
/// still sending goes to the server until it answers. When the client has closed, what it had sent goes to the server,
/// then the end of that direction (shutdown(2)), and the server has the close timeout to end its own.
final class UpstreamPeer: SessionPeer {
    private enum State: Equatable {
        /// Bytes go both ways.
        case open
        /// The server has sent everything; the client may still be sending.
        case serverEnded
        /// The client has sent everything; what the server still says is dropped.
        case clientEnded
        /// Both have: what is left is on its way to the server.
        case flushing
        /// The stream is closed.
        case closed
    }

    private let settings: UpstreamSettings
    private let stream: any ByteStream
    private let connection: any UpstreamConnection
    /// nil where each read is a message as it is.
    private let output: PeerOutput?
    /// nil before the session exists and after it is over: it and its peer hold each other.
    private(set) var session: WebSocketSession?
    /// Bytes that had not reached the server when it was last looked at.
    private var undelivered: UInt32 = 0
    private var timer: TimerID?
    private var state = State.open

    init(_ connection: any UpstreamConnection, settings: UpstreamSettings) {
        self.settings = settings
        self.stream = connection.stream
        self.connection = connection
        self.output = settings.records.passesReads ? nil : PeerOutput(settings.records)
    }

    /// Begins once the session stands.
    func start(_ session: WebSocketSession) {
        self.session = session
        self.output?.start(self)
        self.stream.delegate = self
    }

    // MARK: SessionPeer

    var encoding: MessageEncoding { .records(self.settings.records.encoding) }

    func sink(for client: any ByteStream) -> (any ByteStream)? {
        switch self.state {
        case .open, .serverEnded: self.stream
        case .clientEnded, .flushing, .closed: nil
        }
    }

    var returnsMessages: Bool { false }
    var takesLateMessages: Bool { true }
    var isTerminal: Bool { false }
    func resizeTerminal(to size: TerminalSize) {}
    func clientIsFull() { self.stream.pauseReading() }
    func clientHasRoom() { self.stream.resumeReading() }

    func clientEnded() {
        switch self.state {
        case .open: self.state = .clientEnded
        case .serverEnded: self.state = .flushing
        case .clientEnded, .flushing, .closed: return
        }
        self.output?.discard()
        self.stream.finishWriting()
        // A server that is stuck in a write would not come to read the rest.
        self.stream.resumeReading()
        if self.isFlushed { self.finish() } else { self.awaitServer() }
    }

    func sessionEnded() { self.session = nil }
    var isOver: Bool { self.state == .closed }
    var ending: ExitStatus? { nil }
    var fields: [LogField] { [LogField("upstream", .string(self.connection.name))] }
}

// MARK: - The server's side

extension UpstreamPeer: ByteStreamDelegate {
    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        switch self.state {
        case .open:
            if let output = self.output { return output.received(&window, from: start) }
            if let session = self.session { PeerOutput.pass(&window, from: start, to: session) }
        case .serverEnded, .clientEnded, .flushing, .closed:
            break
        }
    }

    func inputEnded() {
        switch self.state {
        case .open:
            if let output = self.output { output.inputEnded() } else { self.outputEnded() }
        case .clientEnded:
            self.state = .flushing
            if self.isFlushed { self.finish() }
        case .serverEnded, .flushing, .closed:
            break
        }
    }

    func outputAdvanced() {
        if self.isFlushed { return self.finish() }
        self.session?.noteInput()
    }

    func failed(_ failure: StreamFailure) {
        switch self.state {
        case .open:
            self.session?.settings.log.write(
                .warning, "the upstream's connection broke",
                (self.session?.identityFields ?? []) + [LogField("reason", .string(failure.reason))])
            self.session?.close(.internalError, "the upstream's connection broke")
        // It had said everything: that it does not want to hear more is no failure.
        case .serverEnded, .clientEnded, .flushing:
            break
        case .closed:
            return
        }
        self.finish()
    }
}

extension UpstreamPeer: PeerOutputOwner {
    func outputEnded() {
        guard self.state == .open else { return }
        self.state = .serverEnded
        self.session?.close(.normal, "")
    }

    func outputBroke(_ reason: String) {
        guard self.state == .open else { return }
        self.session?.settings.log.write(
            .warning, "the upstream's output cannot be framed: \(reason)", self.session?.identityFields ?? [])
        self.session?.close(.internalError, reason)
        self.output?.discard()
        self.finish()
    }
}

// MARK: - The end

extension UpstreamPeer: TimerClient {
    /// Both directions have ended and nothing is left to send.
    private var isFlushed: Bool { self.state == .flushing && self.stream.unsentCount == 0 }

    private func awaitServer() {
        guard let settings = self.session?.settings else { return }
        self.undelivered = UInt32(clamping: self.stream.undeliveredCount)
        self.timer = settings.loop.startTimer(self, at: settings.loop.now &+ settings.closeTimeout)
    }

    /// A server that still takes what the client had sent is slow, and waited for.
    func timerFired() {
        self.timer = nil
        let isTaking = self.stream.undeliveredCount < Int(self.undelivered)
        if isTaking { self.awaitServer() } else { self.finish() }
    }

    private func finish() {
        guard self.state != .closed else { return }
        self.state = .closed
        if let timer = self.timer { self.session?.loop.stopTimer(timer) }
        self.timer = nil
        self.stream.close()
        self.output?.close()
        self.connection.release()
        // A client that was paused for the server's sake has nobody to wait for any more.
        self.session?.noteInput()
        self.session?.peerIsGone()
    }
}
