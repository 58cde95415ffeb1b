internal import Buffers
package import IOCore
internal import TLSEngine

// What comes from the stream below.
extension TLSStream: StreamLayer {
    package func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        guard start < window.count else { return }
        switch self.phase {
        case .greeting(let client):
            if Self.isHTTP(window[start]) { return self.refusePlain(client) }
            self.phase = .handshaking(client)
            self.takeHandshakeStep(window.span.extracting(start..<window.count))
        case .handshaking:
            self.takeHandshakeStep(window.span.extracting(start..<window.count))
        case .open:
            self.process(window.span.extracting(start..<window.count))
        case .refused, .closed:
            break
        }
    }

    package func inputEnded() {
        switch self.phase {
        case .greeting(let client), .handshaking(let client):
            self.close()
            client.handshakeFailed(.cut)
        case .open:
            if self.reading != .ended { self.fail(.cut) }
        case .refused:
            self.close()
        case .closed:
            break
        }
    }

    package func outputAdvanced() {
        if case .open = self.phase { self.delegate?.outputAdvanced() }
    }

    package func failed(_ failure: StreamFailure) {
        switch self.phase {
        case .greeting(let client), .handshaking(let client):
            self.close()
            client.handshakeFailed(.transport(failure))
        case .open:
            self.fail(failure)
        case .refused, .closed:
            self.close()
        }
    }

    /// A method's first letter; a TLS record begins with 22 (RFC 8446 section 5.1).
    private static func isHTTP(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
}

// MARK: - Handshake

extension TLSStream: TimerClient {
    private func takeHandshakeStep(_ input: Span<UInt8>) {
        guard self.workspace.handshakes.admits(self) else {
            self.lower.pauseReading()
            self.hold(input)
            return
        }
        self.process(input)
    }

    private func refusePlain(_ client: any TLSHandshakeClient) {
        let answer = self.workspace.plainAnswer
        self.lower.write(answer.span)
        self.refuse()
        client.handshakeFailed(.plainHTTP)
    }

    /// The answer, or the alert, is on its way: the rest of the input is dropped until the peer ends its side, or until
    /// the deadline of the handshake.
    private func refuse() {
        self.phase = .refused
        self.held = nil
        self.lower.finishWriting()
        self.lower.resumeReading()
    }

    private func complete(_ client: any TLSHandshakeClient) {
        self.stopTimer()
        self.phase = .open
        client.handshakeCompleted(self)
    }

    package func timerFired() {
        self.timer = nil
        switch self.phase {
        case .greeting(let client), .handshaking(let client):
            self.close()
            client.handshakeFailed(.late)
        case .refused:
            self.close()
        case .open, .closed:
            break
        }
    }
}

// MARK: - Plaintext

extension TLSStream {
    /// Decrypts what came and tells the delegate, as long as it wants to hear.
    func process(_ input: Span<UInt8>) {
        self.workspace.withPlaintext { window in
            var offset = 0
            while true {
                let progress = self.open(input.extracting(offset..<input.count), into: &window)
                offset += progress.inputUsed
                if case .handshaking(let client) = self.phase, self.engine.isEstablished { self.complete(client) }
                if progress.plaintextCount > 0 {
                    var filled = window._mutatingExtracting(0..<ReceiveWindow.headroom + progress.plaintextCount)
                    self.delegate?.received(&filled, from: ReceiveWindow.headroom)
                }
                guard self.continues(after: progress.outcome) else { break }
            }
            switch self.phase {
            case .handshaking, .open: self.hold(input.extracting(offset..<input.count))
            case .greeting, .refused, .closed: break
            }
        }
    }

    /// Lets the engine go on by itself: a client's first words, or what it decrypted before.
    func processNothing() {
        let nothing: [UInt8] = []
        self.process(nothing.span)
    }

    /// One call of the engine; what it has for the peer goes out at once.
    private func open(_ input: Span<UInt8>, into window: inout MutableSpan<UInt8>) -> TLSEngine.Progress {
        var plaintext = window._mutatingExtracting(ReceiveWindow.headroom..<window.count)
        var progress = TLSEngine.Progress(outcome: .needsInput)
        self.workspace.withCiphertext { output in
            progress = self.engine.receive(input, plaintext: &plaintext, output: &output)
            if progress.outputCount > 0 { self.lower.write(output.span.extracting(0..<progress.outputCount)) }
        }
        return progress
    }

    /// Acts on why the engine stopped; true when there is more to do at once.
    private func continues(after outcome: TLSEngine.Outcome) -> Bool {
        switch self.phase {
        case .greeting, .refused, .closed: return false
        case .handshaking, .open: break
        }
        switch outcome {
        case .outputFull, .plaintextFull:
            return self.reading == .flowing
        case .needsInput, .done:
            return false
        case .ended:
            self.tellEnd()
            return false
        case .failed(let failure):
            self.broke(failure)
            return false
        }
    }

    private func tellEnd() {
        guard self.reading == .flowing else { return }
        self.reading = .ended
        self.delegate?.inputEnded()
    }

    private func broke(_ failure: TLSFailure) {
        guard case .handshaking(let client) = self.phase else {
            return self.fail(.violated(reason: failure.reason))
        }
        self.refuse()
        client.handshakeFailed(.tls(failure))
    }

    /// Keeps ciphertext for later; what follows the peer's end is of no use.
    private func hold(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty, self.reading != .ended, self.engine.state != .ended else { return }
        guard var buffer = self.workspace.loop.pool.take(bytes.count) else { return self.starve() }
        _ = buffer.append(bytes)
        self.held = consume buffer
    }

    /// Not within a call of the delegate's: those are over when something is kept.
    private func starve() {
        switch self.phase {
        case .greeting(let client), .handshaking(let client):
            self.close()
            client.handshakeFailed(.transport(.outOfBuffers))
        case .open:
            self.fail(.outOfBuffers)
        case .refused, .closed:
            break
        }
    }
}
