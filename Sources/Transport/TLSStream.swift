package import Buffers
package import IOCore
package import TLSEngine

/// TLS over any byte stream: plaintext to the delegate in a window of the worker's, ciphertext to the stream below.
///
///     greeting ──first byte──▶ handshaking ──▶ open ──▶ closed
///         └─plain HTTP─▶ refused ◀─failure─┘            ▲
///                           └──peer's end, deadline─────┘
///
/// Nothing waits in here but what came while nobody may be told: ciphertext in `held`, the rest of a record in OpenSSL.
package final class TLSStream: ByteStream {
    enum Phase {
        /// Nothing has come yet.
        case greeting(any TLSHandshakeClient)
        case handshaking(any TLSHandshakeClient)
        case open
        /// The peer was told why; what still comes is dropped, so that no reset overtakes the answer.
        case refused
        case closed
    }

    enum Reading { case flowing, paused, ended }
    enum Writing { case open, finished }
    enum Side { case server, client }

    package var delegate: (any ByteStreamDelegate)?
    let lower: any ByteStream
    let workspace: TLSWorkspace
    package internal(set) var engine: TLSEngine
    var phase: Phase
    var reading = Reading.flowing
    private var writing = Writing.open
    private var side = Side.server
    /// Ciphertext that came while the delegate had paused us, or while other handshakes were worked on.
    var held: PooledBuffer?
    var timer: TimerID?

    /// Takes `lower` over; `client` hears how the handshake ends, at `deadline` at the latest.
    package init(
        over lower: any ByteStream, _ engine: consuming TLSEngine, workspace: TLSWorkspace,
        client: any TLSHandshakeClient, deadline: UInt64
    ) {
        self.lower = lower
        self.workspace = workspace
        self.engine = engine
        self.phase = .greeting(client)
        lower.delegate = self
        self.timer = workspace.loop.startTimer(self, at: deadline)
    }

    /// A client's first words.
    package func connect() {
        guard case .greeting(let client) = self.phase else { return }
        self.side = .client
        self.phase = .handshaking(client)
        self.processNothing()
    }

    package var unsentCount: Int { self.lower.unsentCount }
    package var undeliveredCount: Int { self.lower.undeliveredCount }

    package func close() {
        if case .closed = self.phase { return }
        // A goodbye where it can go out at once: behind a rest it would not be believed anyway.
        if case .open = self.phase, self.writing == .open, self.lower.unsentCount == 0 { self.sayGoodbye() }
        self.phase = .closed
        self.delegate = nil
        self.held = nil
        self.stopTimer()
        self.lower.close()
    }

    /// Ends a connection whose handshake is not done; any other is the business of its delegate, and one of ours to a
    /// server that of who dials.
    package func drain() {
        guard self.side == .server else { return }
        switch self.phase {
        case .greeting, .handshaking, .refused: self.close()
        case .open, .closed: break
        }
    }

    package var upper: (any ByteStreamDelegate)? { self.delegate }

    /// Its handshake is not over.
    package var isBeginning: Bool {
        switch self.phase {
        case .greeting, .handshaking: true
        case .open, .refused, .closed: false
        }
    }

    func stopTimer() {
        if let timer = self.timer { self.workspace.loop.stopTimer(timer) }
        self.timer = nil
    }
}

// MARK: - Output

extension TLSStream {
    package func write(_ bytes: Span<UInt8>) {
        guard case .open = self.phase, self.writing == .open else { return }
        var offset = 0
        while offset < bytes.count {
            let progress = self.seal(bytes.extracting(offset..<bytes.count))
            offset += progress.inputUsed
            switch progress.outcome {
            case .outputFull: continue
            case .done, .needsInput, .plaintextFull, .ended: return
            case .failed(let failure): return self.failLater(failure)
            }
        }
    }

    package func write(_ buffer: consuming PooledBuffer) {
        self.write(buffer.readable)
    }

    private func seal(_ bytes: Span<UInt8>) -> TLSEngine.Progress {
        var progress = TLSEngine.Progress(outcome: .done)
        self.workspace.withCiphertext { window in
            progress = self.engine.seal(bytes, output: &window)
            if progress.outputCount > 0 { self.lower.write(window.span.extracting(0..<progress.outputCount)) }
        }
        return progress
    }

    package func finishWriting() {
        guard self.writing == .open else { return }
        if case .open = self.phase { self.sayGoodbye() }
        self.writing = .finished
        self.lower.finishWriting()
    }

    private func sayGoodbye() {
        self.workspace.withCiphertext { window in
            let progress = self.engine.finish(output: &window)
            if progress.outputCount > 0 { self.lower.write(window.span.extracting(0..<progress.outputCount)) }
        }
        self.writing = .finished
    }

    /// The owner is within a call of its own and hears of it at the end of the turn.
    private func failLater(_ failure: TLSFailure) {
        self.writing = .finished
        self.workspace.loop.atEndOfTurn {
            if case .open = self.phase { self.fail(.violated(reason: failure.reason)) }
        }
    }

    /// Closes and tells the delegate, which is not within a call of its own here.
    func fail(_ failure: StreamFailure) {
        let delegate = self.delegate
        self.close()
        delegate?.failed(failure)
    }
}

// MARK: - Flow of input

extension TLSStream {
    package func pauseReading() {
        guard self.reading == .flowing else { return }
        self.reading = .paused
        self.lower.pauseReading()
    }

    package func resumeReading() {
        guard self.reading == .paused else { return }
        self.reading = .flowing
        guard self.hasLeftovers else { return self.lower.resumeReading() }
        // The delegate is within a call of its own.
        self.workspace.loop.atEndOfTurn { self.proceed() }
    }

    /// What came and was not told yet.
    private var hasLeftovers: Bool {
        self.held != nil || self.engine.pendingCount > 0 || self.engine.state == .ended
    }

    /// Goes on with what was put off.
    func proceed() {
        switch self.phase {
        case .greeting, .handshaking, .open: break
        case .refused, .closed: return
        }
        guard self.reading == .flowing else { return }
        if let buffer = self.held.take() {
            self.process(buffer.readable)
        } else {
            self.processNothing()
        }
        if self.held == nil, self.reading != .paused { self.lower.resumeReading() }
    }
}
