internal import Configuration
internal import SystemCalls
internal import WebSocket

/// `wsbridge connect`: lines of standard input become messages, messages become lines of standard output.
///
///     opening ──▶ open ──input ended, and silence──▶ closing ──▶ over
///                   └────────the server's Close, a signal────────▲
package final class InteractiveSession {
    /// The input is not read while so much waits for a server that does not read.
    private static let unsentBytesMax = 256 << 10

    private let settings: ConnectSettings
    private let connection: WebSocketConnection
    private let signals: SignalDescriptor
    private let output: MessageText
    private var lines: InputLines
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)
    private var hasInputEnded = false
    /// True once nobody reads our output any more, or a signal came: then nothing is awaited.
    private var isHurried = false
    private var closedFirst = false
    /// True once a line could not be sent.
    private var hasRefused = false
    /// When to close, or to give up waiting.
    private var deadline: UInt64?

    /// Runs to its end and gives the exit code: 0 when both sides parted in good order, else 1.
    package static func run(_ settings: ConnectSettings) -> Int32 {
        SignalDescriptor.ignoreBrokenPipes()
        do throws(ClientFailure) {
            // Until it is open a signal ends us without ceremony.
            let (connection, early) = try Self.open(settings)
            return try InteractiveSession(settings, connection, try Self.signals()).converse(early)
        } catch {
            StandardError.writeLine("wsbridge: \(error)")
            return 1
        }
    }

    private init(
        _ settings: ConnectSettings, _ connection: WebSocketConnection, _ signals: consuming SignalDescriptor
    ) {
        self.settings = settings
        self.connection = connection
        self.signals = signals
        let showsHexadecimal = StandardOutput.isTerminal && !settings.isBinary
        self.output = MessageText(
            binary: showsHexadecimal ? .hexadecimal : .raw, escapesControls: StandardOutput.isTerminal)
        self.lines = InputLines(lineBytesMax: settings.messageBytesMax)
    }

    private static func signals() throws(ClientFailure) -> SignalDescriptor {
        do throws(Errno) {
            return try SignalDescriptor([.interrupt, .terminate])
        } catch {
            throw .broken(error)
        }
    }
}

// MARK: - Opening

extension InteractiveSession {
    /// Tries one address after the other; all together have the time for connecting. Also gives what came right behind
    /// the handshake.
    private static func open(
        _ settings: ConnectSettings
    ) throws(ClientFailure) -> (WebSocketConnection, early: [ServerFrameReader.Event]) {
        var common = WebSocketConnection.Settings(url: settings.url, messageBytesMax: settings.messageBytesMax)
        common.wishes = settings.wishes
        common.context = try settings.trust.context(for: settings.url)
        let workspace = ClientWorkspace()
        let addresses = try AddressLookup.addresses(of: settings.url)
        let deadline = Clock.monotonic &+ settings.connectTimeout
        var failure = ClientFailure.unknownHost(settings.url.host, reason: "it has no address")
        for address in addresses {
            do throws(ClientFailure) {
                let connection = try WebSocketConnection(common, to: address, workspace: workspace)
                return (connection, try Self.open(connection, until: deadline, settings))
            } catch {
                failure = error
                guard case .notConnected = error else { throw error }
            }
        }
        throw failure
    }

    private static func open(
        _ connection: WebSocketConnection, until deadline: UInt64, _ settings: ConnectSettings
    ) throws(ClientFailure) -> [ServerFrameReader.Event] {
        var early: [ServerFrameReader.Event] = []
        while connection.phase == .connecting || connection.phase == .opening {
            let now = Clock.monotonic
            guard now < deadline else { throw .tooSlow("the connection to \(settings.url.authority)") }
            let ready = Polling.wait(
                [(connection.descriptor, connection.interest)],
                milliseconds: CInt(clamping: (deadline - now) / 1_000_000 + 1))
            early += try connection.advance(ready[0])
        }
        guard StandardError.isTerminal else { return early }
        let subprotocol = connection.subprotocol.map { ", subprotocol \($0)" } ?? ""
        StandardError.writeLine("connected to \(settings.url)\(subprotocol)")
        return early
    }
}

// MARK: - Open

extension InteractiveSession {
    private func converse(_ early: [ServerFrameReader.Event]) throws(ClientFailure) -> Int32 {
        try self.show(early)
        while self.connection.phase != .ended {
            let ready = Polling.wait(
                [
                    (self.signals.descriptor.rawValue, .input), (self.connection.descriptor, self.connection.interest),
                    (self.wantsInput ? StandardInput.descriptor : -1, .input),
                ], milliseconds: self.patience)
            if ready[0].isReadable { try self.hearSignal() }
            try self.show(try self.connection.advance(ready[1]))
            if ready[2] != .none { try self.readInput() }
            guard try self.keepTime() else { break }
        }
        return self.conclude()
    }

    private var wantsInput: Bool {
        self.connection.phase == .open && !self.hasInputEnded && self.connection.unsentCount < Self.unsentBytesMax
    }

    private var patience: CInt {
        guard let deadline = self.deadline else { return -1 }
        let now = Clock.monotonic
        return deadline > now ? CInt(clamping: (deadline - now) / 1_000_000 + 1) : 0
    }

    private func hearSignal() throws(ClientFailure) {
        while self.signals.next() != nil {}
        // A second one: at once.
        if self.isHurried { self.deadline = 0 }
        self.isHurried = true
        try self.close()
    }

    private func readInput() throws(ClientFailure) {
        var chunk: [UInt8] = []
        swap(&chunk, &self.chunk)
        defer { swap(&chunk, &self.chunk) }
        var window = chunk.mutableSpan
        switch ByteTransfer.read(StandardInput.descriptor, into: &window, from: 0) {
        case .moved(let count):
            guard let lines = self.lines.take(chunk[..<count]) else { return try self.refuseLine("is too long") }
            for line in lines { try self.send(line) }
        case .notReady: break
        case .ended, .failed:
            self.hasInputEnded = true
            if let line = self.lines.finish() { try self.send(line) }
            // Who ends the input at a terminal has seen what came.
            self.deadline = Clock.monotonic &+ (StandardInput.isTerminal ? 0 : self.settings.linger)
        }
    }

    private func send(_ line: [UInt8]) throws(ClientFailure) {
        if self.settings.isBinary { return try self.connection.send(.binary, line) }
        var validator = UTF8Validator()
        guard validator.consume(line.span), validator.isAtBoundary else {
            return try self.refuseLine("is not UTF-8; --binary sends it as it is")
        }
        try self.connection.send(.text, line)
    }

    private func refuseLine(_ problem: String) throws(ClientFailure) {
        StandardError.writeLine("wsbridge: a line of the input \(problem)")
        self.hasInputEnded = true
        self.hasRefused = true
        try self.close()
    }

    private func show(_ events: [ServerFrameReader.Event]) throws(ClientFailure) {
        for event in events {
            switch event {
            case .message(let type, let payload):
                if self.hasInputEnded, self.connection.phase == .open {
                    self.deadline = Clock.monotonic &+ self.settings.linger
                }
                guard !self.isHurried, !StandardOutput.write(self.output.bytes(type, payload)) else { break }
                // Nobody reads on: `| head -1`, for one.
                self.isHurried = true
                try self.close()
            case .close: self.deadline = Clock.monotonic &+ self.settings.closeTimeout
            case .ping, .pong: break
            }
        }
    }
}

// MARK: - The end

extension InteractiveSession {
    private func close() throws(ClientFailure) {
        guard self.connection.phase == .open else { return }
        try self.connection.close(
            CloseCode(rawValue: self.settings.closing.code), reason: self.settings.closing.reason)
        self.closedFirst = true
        self.deadline = Clock.monotonic &+ self.settings.closeTimeout
    }

    /// False when nothing more is waited for.
    private func keepTime() throws(ClientFailure) -> Bool {
        guard let deadline = self.deadline, Clock.monotonic >= deadline else { return true }
        switch self.connection.phase {
        case .open:
            try self.close()
            return true
        case .connecting, .opening, .closing, .closed, .ended: return false
        }
    }

    private func conclude() -> Int32 {
        guard let closing = self.connection.closing else {
            StandardError.writeLine("wsbridge: the server did not answer the Close")
            return 1
        }
        let code = closing.code ?? .noStatus
        let reason = closing.reason.isEmpty ? "" : " \(closing.reason.controlsEscaped)"
        StandardError.writeLine("closed by \(self.closedFirst ? "us" : "the server"): \(code.rawValue)\(reason)")
        let isGood = self.closedFirst || code == .normal || code == .noStatus
        return isGood && !self.hasRefused ? 0 : 1
    }
}
