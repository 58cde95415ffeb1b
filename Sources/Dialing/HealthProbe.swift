internal import Buffers
internal import IOCore
internal import SystemCalls
internal import Upstreams

/// The checks of one server, one after the other.
///
///     waiting ──interval──▶ dialing ──connection──▶ asking ──answer──▶ waiting
///        ▲                     └── connected, and nothing is asked ──────┤
///        └───────────────── failure, deadline ───────────────────────────┘
final class HealthProbe {
    private enum Stage {
        case waiting
        /// The dial's timer holds the dial.
        case dialing(Weak, until: UInt64)
        /// What an answer is after its head is read too, and dropped: a server should not be cut off by a check.
        case asking(any ByteStream, CheckReader)
    }

    private struct Weak { weak var dial: ServerDial? }

    private let index: Int
    private let group: UpstreamGroup
    private let settings: CheckSettings
    private let surroundings: DialSurroundings
    private var stage = Stage.waiting
    private var timer: TimerID?

    init(_ index: Int, _ group: UpstreamGroup, _ settings: CheckSettings, _ surroundings: DialSurroundings) {
        self.index = index
        self.group = group
        self.settings = settings
        self.surroundings = surroundings
    }

    private var loop: any EventLoop { self.surroundings.loop }
    private var server: UpstreamAddress { self.group.settings.servers[self.index] }

    func start(after span: UInt64) { self.setTimer(at: self.loop.now &+ span) }

    func stop() {
        self.stopTimer()
        let stage = self.stage
        self.stage = .waiting
        switch stage {
        case .waiting: break
        case .dialing(let weak, _): weak.dial?.cancel()
        case .asking(let stream, _): stream.close()
        }
    }

    private func setTimer(at deadline: UInt64) {
        self.stopTimer()
        self.timer = self.loop.startTimer(self, at: deadline)
    }

    private func stopTimer() {
        if let timer = self.timer { self.loop.stopTimer(timer) }
        self.timer = nil
    }

    private func dial() {
        let dial = ServerDial(
            self.server, header: self.surroundings.settings.proxyHeader.bytesForOurselves, self.surroundings, self,
            span: self.settings.timeout)
        self.stage = .dialing(Weak(dial: dial), until: self.loop.now &+ self.settings.timeout)
        dial.start()
    }

    /// This check is over, however it went.
    private func finish() {
        self.stop()
        self.start(after: self.settings.interval)
    }

    private func note(_ failure: String?) { self.group.checked(self.index, failure: failure, self.settings) }
}

extension HealthProbe: TimerClient {
    func timerFired() {
        self.timer = nil
        switch self.stage {
        case .waiting: self.dial()
        // The dial has a timer of its own.
        case .dialing: break
        case .asking:
            let milliseconds = self.settings.timeout / 1_000_000
            let span = milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
            self.lose("no answer within \(span)")
        }
    }
}

// MARK: - The connection

extension HealthProbe: ServerDialClient {
    func serverReached(_ stream: any ByteStream, of server: UpstreamAddress) {
        guard case .dialing(_, let deadline) = self.stage else { return stream.close() }
        guard let check = self.settings.http else {
            stream.close()
            self.note(nil)
            return self.finish()
        }
        self.stage = .asking(stream, CheckReader(check))
        stream.delegate = self
        self.setTimer(at: deadline)
        let request = check.request(to: server)
        stream.write(request.span)
    }

    func serverMissed(_ failure: ConnectFailure) {
        switch failure {
        case .unreachable(let reason), .timedOut(let reason): self.note(reason)
        case .unavailable, .unknownToken:
            // We have run out of something: that is no news of the server.
            break
        }
        self.finish()
    }
}

// MARK: - The answer

extension HealthProbe: ByteStreamDelegate {
    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        guard case .asking(let stream, var reader) = self.stage else { return }
        let isNews = reader.verdict == nil
        let isComplete = reader.take(window.span.extracting(start..<window.count))
        self.stage = .asking(stream, reader)
        if isNews, let verdict = reader.verdict { self.tell(verdict) }
        if isComplete { self.finish() }
    }

    func inputEnded() { self.lose("it ended the connection without an answer") }

    func outputAdvanced() {}

    func failed(_ failure: StreamFailure) {
        switch failure {
        case .system(let code): self.lose(Errno(rawValue: code).words)
        case .violated(let reason): self.lose(reason)
        case .cut: self.lose("it cut the connection off without an answer")
        case .outOfBuffers:
            // Ours: no news of the server.
            self.finish()
        }
    }

    private func tell(_ verdict: CheckReader.Verdict) {
        switch verdict {
        case .good: self.note(nil)
        case .bad(let reason): self.note(self.words(reason))
        }
    }

    /// The connection leads nowhere any more: no matter, where the head of an answer came before.
    private func lose(_ reason: String) {
        guard case .asking(_, let reader) = self.stage else { return }
        if reader.verdict == nil { self.note(self.words(reason)) }
        self.finish()
    }

    private func words(_ reason: String) -> String {
        "\(self.server) was asked for \(self.settings.http?.target ?? ""): \(reason)"
    }
}
