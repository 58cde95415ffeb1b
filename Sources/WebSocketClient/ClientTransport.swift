internal import SystemCalls
internal import TLSEngine

/// The buffers that all connections of a thread share; nothing in them lasts beyond one call.
package final class ClientWorkspace {
    /// Four records of TLS.
    private static let bytes = 64 << 10

    var input = [UInt8](repeating: 0, count: ClientWorkspace.bytes)
    var plaintext = [UInt8](repeating: 0, count: ClientWorkspace.bytes)
    var output = [UInt8](repeating: 0, count: ClientWorkspace.bytes)

    package init() {}
}

/// A socket that does not block, with or without TLS over it: bytes in, bytes out.
final class ClientTransport {
    private let descriptor: Descriptor
    private let workspace: ClientWorkspace
    private let isTLS: Bool
    private var engine: TLSEngine?
    /// What waits for the handshake of TLS.
    private var held: [UInt8] = []
    /// What the kernel has not taken yet, from `sent` on.
    private var outgoing: [UInt8] = []
    private var sent = 0

    init(
        _ descriptor: consuming Descriptor, _ engine: consuming TLSEngine?, _ workspace: ClientWorkspace, isTLS: Bool
    ) {
        self.descriptor = descriptor
        self.engine = engine
        self.workspace = workspace
        self.isTLS = isTLS
    }

    var rawDescriptor: CInt { self.descriptor.rawValue }

    var unsentCount: Int { self.held.count + self.outgoing.count - self.sent }

    var wantsOutput: Bool { self.sent < self.outgoing.count }

    /// To be called once when the socket is connected.
    func begin() throws(ClientFailure) {
        var nothing: [UInt8] = []
        if self.isTLS { try self.decrypt([], count: 0, into: &nothing) }
    }

    func send(_ bytes: [UInt8]) throws(ClientFailure) {
        guard self.isTLS else {
            self.queue(bytes, count: bytes.count)
            return
        }
        self.held += bytes
        try self.sealHeld()
    }

    /// Sends what the kernel takes now.
    func flush() throws(ClientFailure) {
        try self.sendOutgoing()
        guard self.sent == self.outgoing.count else { return }
        self.outgoing.removeAll(keepingCapacity: true)
        self.sent = 0
    }

    private func sendOutgoing() throws(ClientFailure) {
        let outgoing = self.outgoing
        while self.sent < outgoing.count {
            switch ByteTransfer.send(self.rawDescriptor, outgoing.span.extracting(self.sent...)) {
            case .moved(let count): self.sent += count
            case .notReady: return
            case .ended: throw .cut
            case .failed(let error): throw .broken(error)
            }
        }
    }

    /// Reads once and appends what came, in plain; false: the server has ended its side.
    func receive(into inbox: inout [UInt8]) throws(ClientFailure) -> Bool {
        var input = self.workspace.input.lend()
        defer { swap(&input, &self.workspace.input) }
        var window = input.mutableSpan
        switch ByteTransfer.receive(self.rawDescriptor, into: &window, from: 0) {
        case .moved(let count):
            if self.isTLS { return try self.decrypt(input, count: count, into: &inbox) }
            inbox.append(contentsOf: input[..<count])
            return true
        case .notReady: return true
        case .ended: return false
        case .failed(.connectionReset): throw .cut
        case .failed(let error): throw .broken(error)
        }
    }

    private func queue(_ bytes: [UInt8], count: Int) {
        if self.sent > self.outgoing.count / 2 {
            self.outgoing.removeFirst(self.sent)
            self.sent = 0
        }
        self.outgoing.append(contentsOf: bytes[..<count])
    }
}

// MARK: - TLS

extension ClientTransport {
    /// Takes the first `count` bytes of the input; false: the server said that it has ended.
    @discardableResult
    private func decrypt(_ input: [UInt8], count: Int, into inbox: inout [UInt8]) throws(ClientFailure) -> Bool {
        var clear = self.workspace.plaintext.lend()
        defer { swap(&clear, &self.workspace.plaintext) }
        var out = self.workspace.output.lend()
        defer { swap(&out, &self.workspace.output) }
        var used = 0
        while true {
            var plaintext = clear.mutableSpan
            var output = out.mutableSpan
            let rest = input.span.extracting(used..<count)
            guard let progress = self.engine?.receive(rest, plaintext: &plaintext, output: &output) else {
                return false
            }
            used += progress.inputUsed
            inbox.append(contentsOf: clear[..<progress.plaintextCount])
            self.queue(out, count: progress.outputCount)
            switch progress.outcome {
            case .outputFull, .plaintextFull: continue
            case .needsInput, .done:
                try self.seal(&out)
                return true
            case .ended: return false
            case .failed(.certificate(let reason)): throw .untrusted(reason)
            case .failed(let failure): throw .tls(failure.reason)
            }
        }
    }

    private func sealHeld() throws(ClientFailure) {
        var out = self.workspace.output.lend()
        defer { swap(&out, &self.workspace.output) }
        try self.seal(&out)
    }

    /// Encrypts what waits, once the handshake is done.
    private func seal(_ out: inout [UInt8]) throws(ClientFailure) {
        guard self.engine?.isEstablished ?? false else { return }
        let held = self.held
        var done = 0
        while done < held.count {
            var output = out.mutableSpan
            let rest = held.span.extracting(done...)
            guard let progress = self.engine?.seal(rest, output: &output) else { return }
            done += progress.inputUsed
            self.queue(out, count: progress.outputCount)
            if case .failed(let failure) = progress.outcome { throw .tls(failure.reason) }
        }
        self.held.removeAll(keepingCapacity: true)
    }
}

extension [UInt8] {
    /// Takes the buffer out of where it is kept, so that nobody else uses it meanwhile.
    fileprivate mutating func lend() -> [UInt8] {
        var other: [UInt8] = []
        swap(&self, &other)
        return other
    }
}
