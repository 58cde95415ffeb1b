internal import COpenSSL

/// One side of a TLS connection (RFC 8446, RFC 5246), without I/O: the peer's bytes in, plaintext out, and back.
///
///     handshaking ──▶ open ──close_notify of the peer──▶ ended
///          └────────────┴──violation, alert──▶ failed
///
/// Our own side ends by `finish`, in any order with the peer's. OpenSSL does the work over the caller's memory, by a
/// BIO of our own; it draws the randomness that TLS needs itself.
@safe
package struct TLSEngine: ~Copyable {
    package enum State: Equatable, Sendable {
        case handshaking
        case open
        /// The peer's close_notify came: nothing that follows is from it. A transport that ends before was cut.
        case ended
        case failed(TLSFailure)
    }

    /// Why a call stopped.
    package enum Outcome: Equatable, Sendable {
        /// All input is used.
        case needsInput
        /// The output is full: send it, and call again with the rest of the same bytes.
        case outputFull
        /// The plaintext is full: pass it on, and call again.
        case plaintextFull
        /// All plaintext was encrypted.
        case done
        case ended
        /// The output may hold an alert for the peer.
        case failed(TLSFailure)
    }

    /// What a call came to; counts are bytes.
    package struct Progress: Equatable, Sendable {
        package var inputUsed = 0
        package var plaintextCount = 0
        package var outputCount = 0
        package var outcome: Outcome

        package init(outcome: Outcome) { self.outcome = outcome }
    }

    package private(set) var state = State.handshaking
    /// True once the handshake is done, whatever came afterwards.
    package private(set) var isEstablished = false
    /// True once our close_notify is out.
    package private(set) var hasFinished = false
    let connection: OpaquePointer

    /// The server's side. Nil when memory is out.
    package init?(_ contexts: ServerContexts) {
        guard let connection = unsafe cossl_connection_new(contexts.fallback.pointer, false, nil) else { return nil }
        unsafe self.connection = connection
    }

    /// The client's side; `serverName`: the host name or address that the server's certificate must be for; `session`:
    /// what an older connection to it left (see `session`). Nil when memory is out.
    package init?(_ context: ClientContext, serverName: String, session: [UInt8]? = nil) {
        guard let connection = unsafe cossl_connection_new(context.context.pointer, true, serverName) else {
            return nil
        }
        // One that cannot be used makes this handshake a full one, and nothing worse.
        if let session { _ = unsafe cossl_session_use(connection, session, session.count) }
        unsafe self.connection = connection
    }

    deinit { unsafe cossl_connection_free(self.connection) }
}

// MARK: - Bytes of the peer

extension TLSEngine {
    /// Takes bytes of the peer, as far as there is room for what comes out of them. Also begins a client's handshake,
    /// with no input at all.
    package mutating func receive(
        _ input: Span<UInt8>, plaintext: inout MutableSpan<UInt8>, output: inout MutableSpan<UInt8>
    ) -> Progress {
        switch self.state {
        case .ended: return Progress(outcome: .ended)
        case .failed(let failure): return Progress(outcome: .failed(failure))
        case .handshaking, .open: break
        }
        var progress = Progress(outcome: .needsInput)
        var error = cossl_error()
        let result = unsafe input.withUnsafeBytes { from in
            unsafe output.withUnsafeMutableBytes { to in
                var transfer = unsafe cossl_transfer(from, to)
                let result = unsafe plaintext.withUnsafeMutableBytes { bytes in
                    unsafe self.advance(&transfer, bytes, &progress.plaintextCount, &error)
                }
                progress.inputUsed = unsafe transfer.input_used
                progress.outputCount = unsafe transfer.output_count
                return result
            }
        }
        progress.outcome = self.outcome(result, error, whenDone: .plaintextFull)
        return progress
    }

    private mutating func advance(
        _ transfer: inout cossl_transfer, _ plaintext: UnsafeMutableRawBufferPointer, _ count: inout Int,
        _ error: inout cossl_error
    ) -> UInt32 {
        if self.state == .handshaking {
            let result = unsafe cossl_handshake(self.connection, &transfer, &error)
            guard result == COSSL_DONE.rawValue else { return result }
            self.state = .open
            self.isEstablished = true
            // Asking for plaintext where none can be would be answered by "more" just the same.
            if unsafe transfer.input_used == transfer.input_count { return COSSL_WANTS_INPUT.rawValue }
        }
        let bytes = unsafe plaintext.bindMemory(to: UInt8.self)
        return unsafe cossl_decrypt(self.connection, &transfer, bytes.baseAddress, bytes.count, &count, &error)
    }

    private mutating func outcome(_ result: UInt32, _ error: cossl_error, whenDone done: Outcome) -> Outcome {
        switch result {
        case COSSL_DONE.rawValue: return done
        case COSSL_WANTS_INPUT.rawValue: return .needsInput
        case COSSL_WANTS_ROOM.rawValue: return .outputFull
        case COSSL_ENDED.rawValue:
            self.state = .ended
            return .ended
        case _:
            let failure = TLSFailure(error)
            self.state = .failed(failure)
            return .failed(failure)
        }
    }

    /// Plaintext that is ready without more input.
    package var pendingCount: Int { unsafe cossl_pending(self.connection) }
}

// MARK: - Bytes for the peer

extension TLSEngine {
    /// Encrypts `plaintext` as far as `output` takes it; `inputUsed` counts plaintext. Needs a finished handshake.
    package mutating func seal(_ plaintext: Span<UInt8>, output: inout MutableSpan<UInt8>) -> Progress {
        switch self.state {
        case .handshaking: preconditionFailure("nothing is sealed before the handshake is done")
        case .failed(let failure): return Progress(outcome: .failed(failure))
        case .open, .ended: break
        }
        precondition(!self.hasFinished, "nothing is sealed behind our own end")
        var progress = Progress(outcome: .done)
        var error = cossl_error()
        let result = unsafe plaintext.withUnsafeBufferPointer { bytes in
            unsafe output.withUnsafeMutableBytes { to in
                var transfer = unsafe cossl_transfer(UnsafeRawBufferPointer(start: nil, count: 0), to)
                let result = unsafe cossl_encrypt(
                    self.connection, &transfer, bytes.baseAddress, bytes.count, &progress.inputUsed, &error)
                progress.outputCount = unsafe transfer.output_count
                return result
            }
        }
        let peerState = self.state
        progress.outcome = self.outcome(result, error, whenDone: .done)
        // The peer's end is the business of `receive`.
        if case .ended = progress.outcome { self.state = peerState }
        return progress
    }

    /// Writes our close_notify: nothing can be sealed afterwards. The peer may go on.
    package mutating func finish(output: inout MutableSpan<UInt8>) -> Progress {
        guard !self.hasFinished, self.state == .open || self.state == .ended else { return Progress(outcome: .done) }
        var progress = Progress(outcome: .done)
        var error = cossl_error()
        let result = unsafe output.withUnsafeMutableBytes { to in
            var transfer = unsafe cossl_transfer(UnsafeRawBufferPointer(start: nil, count: 0), to)
            let result = unsafe cossl_finish(self.connection, &transfer, &error)
            progress.outputCount = unsafe transfer.output_count
            return result
        }
        if result == COSSL_WANTS_ROOM.rawValue {
            progress.outcome = .outputFull
        } else {
            self.hasFinished = true
        }
        return progress
    }
}

extension cossl_transfer {
    /// The caller's memory, nothing of it used yet.
    fileprivate init(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) {
        unsafe self.init(
            input: input.bindMemory(to: UInt8.self).baseAddress, input_count: input.count, input_used: 0,
            output: output.bindMemory(to: UInt8.self).baseAddress, output_capacity: output.count, output_count: 0)
    }
}
