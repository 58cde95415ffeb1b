internal import Buffers
internal import IOCore
internal import SystemCalls

// What goes to the kernel at once, what waits for it, and the end.
extension DescriptorStream {
    func write(_ bytes: Span<UInt8>) {
        guard self.takesOutput, self.isOpen else { return }
        let sent = self.queue.isEmpty ? self.sendNow(bytes) : 0
        guard sent < bytes.count, self.isOpen, self.takesOutput else { return }
        if !self.queue.append(copying: bytes.extracting(sent..<bytes.count), pool: self.reactor.pool) {
            self.failLater(.outOfBuffers)
        }
        self.watch()
    }

    func write(_ buffer: consuming PooledBuffer) {
        guard self.takesOutput, self.isOpen else { return }
        let sent = self.queue.isEmpty ? self.sendNow(buffer.readable) : 0
        guard sent < buffer.count, self.isOpen, self.takesOutput else { return }
        buffer.consume(sent)
        self.queue.append(buffer)
        self.watch()
    }

    func sendFile(_ file: borrowing Descriptor, from offset: Int64, count: Int) -> Transfer? {
        guard self.kind == .socket, self.queue.isEmpty else { return nil }
        // Who sends from a file waits for room only, and may read nothing for good: a break is told in any case.
        if let breakage = self.breakage { self.failLater(breakage) }
        guard self.takesOutput, self.isOpen else { return .notReady }
        let answer = FileTransfer.send(file, from: offset, count: count, to: self.descriptor)
        guard let transfer = answer else { return nil }
        switch transfer {
        case .moved(let moved):
            guard moved < count else { return transfer }
        case .notReady:
            break
        case .ended:
            return transfer
        case .failed(let error):
            // Whose fault it is, the kernel does not say: these are what a socket has, and files do not.
            guard error == .brokenPipe || error == .connectionReset else { return transfer }
            self.failLater(.system(error.rawValue))
            return .notReady
        }
        self.writing = .open(awaitsRoom: true)
        self.watch()
        return transfer
    }

    func finishWriting() {
        guard self.takesOutput, self.isOpen else { return }
        self.writing = .finishing
        if self.queue.isEmpty { self.endOutput() }
    }

    /// What the kernel takes of `bytes` at once.
    private func sendNow(_ bytes: Span<UInt8>) -> Int {
        switch self.kind.send(self.descriptor, bytes) {
        case .moved(let count): return count
        case .notReady, .ended: return 0
        case .failed(let error):
            self.breakLater(error)
            return 0
        }
    }

    func flush() {
        var failure: Errno?
        var isFull = false
        if self.takesOutput { self.writing = .open(awaitsRoom: false) }
        while !self.queue.isEmpty, !isFull, failure == nil {
            self.queue.writeFirst { bytes in
                switch self.kind.send(self.descriptor, bytes) {
                case .moved(let count):
                    isFull = count < bytes.count
                    return count
                case .notReady, .ended:
                    isFull = true
                    return 0
                case .failed(let error):
                    failure = error
                    return 0
                }
            }
        }
        if let failure {
            if !self.breakOutput(failure) { self.fail(.system(failure.rawValue)) }
            return
        }
        if self.queue.isEmpty, self.writing == .finishing { self.endOutput() }
        self.watch()
        self.delegate?.outputAdvanced()
    }

    private func endOutput() {
        self.writing = .finished
        if self.kind.endOutput(self.descriptor) { self.close() }
    }

    private func breakLater(_ error: Errno) {
        if !self.breakOutput(error) { self.failLater(.system(error.rawValue)) }
    }

    /// The owner is within a call of its own and hears of it at the end of the turn.
    private func failLater(_ failure: StreamFailure) {
        self.writing = .finished
        self.queue.removeAll()
        self.reactor.atEndOfTurn {
            guard self.isOpen else { return }
            self.fail(failure)
        }
    }
}

// MARK: - A peer that takes nothing more

extension DescriptorStream {
    /// A server that refuses a body answers and closes, and a reset follows its answer: what came before the reset is
    /// still to be read (tcp(7) keeps it). False: there is nobody who reads, or nothing that could be left.
    private func breakOutput(_ error: Errno) -> Bool {
        guard error == .brokenPipe || error == .connectionReset, self.kind == .socket, self.reading == .flowing else {
            return false
        }
        self.writing = .broken(byReset: error == .connectionReset)
        self.queue.removeAll()
        self.readRestLater()
        return true
    }

    /// Why there is no output any more; nil: there is.
    var breakage: StreamFailure? {
        guard case .broken(let isReset) = self.writing else { return nil }
        return .system((isReset ? Errno.connectionReset : .brokenPipe).rawValue)
    }

    /// One read a turn, until one finds nothing: nothing more can come.
    func readRestLater() {
        guard case .broken = self.writing else { return }
        self.reactor.atNextTurn {
            guard self.isOpen, self.reading == .flowing else { return }
            self.read()
            self.readRestLater()
        }
    }
}
