package import Buffers
package import IOCore

/// The server's end of a simulated connection or pipe, with the behaviour of the reactor's stream.
///
/// A write takes what there is room for and calls nobody back; a failed one is told at the end of the turn.
/// A turn reads once.
package final class SimulatedStream: ByteStream {
    private enum Reading { case flowing, paused, parked(since: UInt64), ended }
    private enum Writing { case open, finishing, finished, broken(StreamFailure) }

    /// How long input may wait for the pool, in nanoseconds: as the reactor has it.
    private static let parkPatience: UInt64 = 10_000_000_000

    package var delegate: (any ByteStreamDelegate)?
    package private(set) var isOpen = true
    package let kind: StreamKind
    private let loop: SimulatedLoop
    private let incoming: SimulatedPipe
    private let outgoing: SimulatedPipe
    private var reading: Reading
    private var writing: Writing
    private var queue = BufferQueue()

    package init(_ loop: SimulatedLoop, kind: StreamKind, incoming: SimulatedPipe, outgoing: SimulatedPipe) {
        self.loop = loop
        self.kind = kind
        self.incoming = incoming
        self.outgoing = outgoing
        self.reading = kind.isWriteOnly ? .ended : .flowing
        self.writing = kind.isReadOnly ? .finished : .open
        loop.add(self)
    }

    package var unsentCount: Int { self.queue.count }

    package var undeliveredCount: Int {
        guard self.isOpen, self.kind == .socket else { return self.queue.count }
        return self.queue.count + self.outgoing.unacknowledgedCount
    }

    package var isReading: Bool {
        switch self.reading {
        case .flowing, .parked: self.isOpen
        case .paused, .ended: false
        }
    }

    package func pauseReading() {
        switch self.reading {
        case .flowing, .parked: self.reading = .paused
        case .paused, .ended: break
        }
    }

    package func resumeReading() {
        guard self.isOpen, case .paused = self.reading else { return }
        self.reading = .flowing
    }

    package func finishWriting() {
        guard self.isOpen, case .open = self.writing else { return }
        self.writing = .finishing
        if self.queue.isEmpty { self.endOutput() }
    }

    package func close() {
        guard self.isOpen else { return }
        self.isOpen = false
        self.loop.remove(self)
        self.delegate = nil
        self.queue.removeAll()
        // A socket closed with unread input answers with a reset, which may overtake what was sent.
        let unread = self.incoming.abandon()
        if self.kind == .socket, unread > 0 { self.outgoing.reset() } else { self.outgoing.end() }
    }

    private func endOutput() {
        self.writing = .finished
        switch self.kind {
        case .socket: self.outgoing.end()
        case .input, .output, .terminalInput, .terminalOutput: self.close()
        }
    }
}

// MARK: - Readiness

extension SimulatedStream: SimulatedParticipant {
    package func turn() -> Bool {
        guard self.isOpen else { return false }
        self.unpark()
        let isWritable = !self.queue.isEmpty && (self.outgoing.room > 0 || self.isBroken)
        guard isWritable || self.isReadable || self.isBroken else { return false }
        guard !self.loop.generator.chance(self.loop.faults.notReady) else { return true }
        if isWritable { self.flush() }
        guard self.isOpen else { return true }
        if self.isReadable {
            self.read()
        } else if self.isBroken {
            self.fail(
                .system(self.kind.isWriteOnly ? SimulatedErrno.brokenPipe : SimulatedErrno.connectionReset))
        }
        return true
    }

    package var deadline: UInt64? {
        guard case .parked(let since) = self.reading else { return nil }
        return since + Self.parkPatience
    }

    private var isReadable: Bool {
        guard case .flowing = self.reading else { return false }
        return self.incoming.count > 0 || self.incoming.writer != .open
    }

    /// What epoll reports without being asked (EPOLLERR): a reset, or a pipe that nobody reads any more.
    private var isBroken: Bool {
        switch self.kind {
        // Who was told so by a write reads what is left.
        case .socket: self.incoming.writer == .reset && self.breakage == nil
        case .output, .terminalOutput: !self.outgoing.hasReader
        case .input, .terminalInput: false
        }
    }

    private func read() {
        guard self.loop.pool.hasRoom else {
            self.reading = .parked(since: self.loop.now)
            return
        }
        guard self.incoming.count > 0 else { return self.readEnd() }
        var count = min(self.incoming.count, ReceiveWindow.bytesMax)
        if self.loop.generator.chance(self.loop.faults.shortReads) { count = self.loop.generator.cut(count) }
        let bytes = self.incoming.pull(count)
        self.loop.withWindow { window in
            ByteCopy.copy(bytes.span, into: &window, at: ReceiveWindow.headroom)
            var filled = window._mutatingExtracting(0..<ReceiveWindow.headroom + count)
            self.delegate?.received(&filled, from: ReceiveWindow.headroom)
        }
    }

    private func readEnd() {
        switch self.incoming.writer {
        case .open:
            break
        case .ended:
            self.reading = .ended
            self.delegate?.inputEnded()
        case .reset:
            self.fail(self.breakage ?? .system(SimulatedErrno.connectionReset))
        }
    }

    private var breakage: StreamFailure? {
        if case .broken(let failure) = self.writing { failure } else { nil }
    }

    /// As the reactor's stream: what came before the reset is read first. False: nobody reads.
    private func breakOutput(_ failure: StreamFailure) -> Bool {
        guard self.kind == .socket, case .flowing = self.reading else { return false }
        self.writing = .broken(failure)
        self.queue.removeAll()
        return true
    }

    private func unpark() {
        guard case .parked(let since) = self.reading else { return }
        if self.loop.pool.hasRoom {
            self.reading = .flowing
        } else if self.loop.now - since > Self.parkPatience {
            self.fail(.outOfBuffers)
        }
    }

    private func fail(_ failure: StreamFailure) {
        let delegate = self.delegate
        self.close()
        delegate?.failed(failure)
    }
}

// MARK: - Output

extension SimulatedStream {
    package func write(_ bytes: Span<UInt8>) {
        guard self.isOpen, case .open = self.writing else { return }
        let sent = self.queue.isEmpty ? self.sendNow(bytes) : 0
        guard sent < bytes.count, case .open = self.writing else { return }
        if !self.queue.append(copying: bytes.extracting(sent..<bytes.count), pool: self.loop.pool) {
            self.failLater(.outOfBuffers)
        }
    }

    package func write(_ buffer: consuming PooledBuffer) {
        guard self.isOpen, case .open = self.writing else { return }
        let sent = self.queue.isEmpty ? self.sendNow(buffer.readable) : 0
        guard sent < buffer.count, case .open = self.writing else { return }
        buffer.consume(sent)
        self.queue.append(buffer)
    }

    private func sendNow(_ bytes: Span<UInt8>) -> Int {
        if let failure = self.outputFailure {
            if !self.breakOutput(failure) { self.failLater(failure) }
            return 0
        }
        return self.transfer(bytes)
    }

    /// The kernel's no to a write.
    private var outputFailure: StreamFailure? {
        switch self.kind {
        case .socket: self.incoming.writer == .reset ? .system(SimulatedErrno.connectionReset) : nil
        case .input, .output, .terminalInput, .terminalOutput:
            self.outgoing.hasReader ? nil : .system(SimulatedErrno.brokenPipe)
        }
    }

    private func transfer(_ bytes: Span<UInt8>) -> Int {
        guard self.outgoing.hasReader else {
            // The first write to a client that has closed is taken and answered with a reset.
            self.incoming.reset()
            return bytes.count
        }
        var count = min(bytes.count, self.outgoing.room)
        if count > 0, self.loop.generator.chance(self.loop.faults.shortWrites) {
            count = self.loop.generator.chance(25) ? 0 : self.loop.generator.cut(count)
        }
        self.outgoing.push(bytes.extracting(0..<count))
        return count
    }

    private func flush() {
        var isFull = false
        while !self.queue.isEmpty, !isFull {
            if let failure = self.outputFailure {
                if !self.breakOutput(failure) { self.fail(failure) }
                return
            }
            self.queue.writeFirst { bytes in
                let count = self.transfer(bytes)
                isFull = count < bytes.count
                return count
            }
        }
        if self.queue.isEmpty, case .finishing = self.writing { self.endOutput() }
        self.delegate?.outputAdvanced()
    }

    private func failLater(_ failure: StreamFailure) {
        self.writing = .finished
        self.queue.removeAll()
        self.loop.atEndOfTurn {
            if self.isOpen { self.fail(failure) }
        }
    }
}

enum SimulatedErrno {
    static let brokenPipe: CInt = 32
    static let connectionReset: CInt = 104
}
