package import Configuration
package import SystemCalls
package import TLSEngine
package import WebSocket

/// One connection of ours, from connect(2) to the Close. It does not wait: whoever owns it waits for `interest` on
/// `descriptor` and calls `advance`.
package final class WebSocketConnection {
    package enum Phase: Equatable, Sendable {
        case connecting
        /// TLS and the opening handshake.
        case opening
        case open
        /// Our Close is out, the server's is awaited.
        case closing
        /// Both are out; the server ends the connection.
        case closed
        /// Over, in good order.
        case ended
    }

    /// What is the same for all connections of a command.
    package struct Settings {
        package var url: WebSocketURL
        package var wishes = ClientHandshake.Wishes()
        /// Nil: no TLS.
        package var context: ClientContext?
        package var messageBytesMax: Int

        package init(url: WebSocketURL, messageBytesMax: Int) {
            self.url = url
            self.messageBytesMax = messageBytesMax
        }
    }

    /// Pongs are not queued behind so many unsent bytes: a server that pings and does not read gets none.
    private static let unsentBytesMax = 1 << 20

    package private(set) var phase = Phase.connecting
    package private(set) var subprotocol: String?
    /// What the server's Close said, once it came.
    package private(set) var closing: (code: CloseCode?, reason: String)?
    private let address: SocketAddress
    private let transport: ClientTransport
    private let handshake: ClientHandshake
    private var reader: ServerFrameReader
    private var random = RandomWords()
    private var inbox: [UInt8] = []

    package init(
        _ settings: Settings, to address: SocketAddress, workspace: ClientWorkspace
    ) throws(ClientFailure) {
        self.address = address
        self.reader = ServerFrameReader(messageBytesMax: settings.messageBytesMax)
        let (high, low) = (self.random.next(), self.random.next())
        let key = [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        self.handshake = ClientHandshake(settings.url, settings.wishes, key: key)
        var engine: TLSEngine?
        if let context = settings.context {
            engine = TLSEngine(context, serverName: settings.url.host)
            if engine == nil { throw .tls("out of memory") }
        }
        do throws(Errno) {
            let descriptor = try Socket.outgoing(address, SocketOptions())
            // What is decided at once shows as writable, too.
            _ = try Socket.beginConnecting(descriptor.rawValue, to: address)
            self.transport = ClientTransport(descriptor, engine, workspace, isTLS: settings.context != nil)
        } catch {
            throw .notConnected(address, error)
        }
    }

    package var descriptor: CInt { self.transport.rawDescriptor }

    /// What to wait for.
    package var interest: Readiness {
        switch self.phase {
        case .connecting: .output
        case .opening, .open, .closing, .closed: self.transport.wantsOutput ? .input | .output : .input
        case .ended: .none
        }
    }

    /// Bytes that the kernel has not taken yet.
    package var unsentCount: Int { self.transport.unsentCount }
}

// MARK: - Sending

extension WebSocketConnection {
    /// Queues a message and sends what goes; only while the connection is open.
    package func send(_ type: MessageType, _ payload: [UInt8]) throws(ClientFailure) {
        guard self.phase == .open else { return }
        try self.send(frame: type == .text ? .text : .binary, payload)
    }

    package func close(_ code: CloseCode, reason: String = "") throws(ClientFailure) {
        guard self.phase == .open else { return }
        self.phase = .closing
        try self.send(frame: .close, CloseFrame(code: code, reason: reason).payload)
    }

    private func send(frame opcode: Opcode, _ payload: [UInt8]) throws(ClientFailure) {
        var wire: [UInt8] = []
        wire.reserveCapacity(payload.count + 14)
        let key = UInt32(truncatingIfNeeded: self.random.next())
        ClientFrame.append(opcode, payload, key: key, to: &wire)
        try self.transport.send(wire)
        try self.transport.flush()
    }
}

// MARK: - Receiving

extension WebSocketConnection {
    /// Goes on with what is ready; gives the messages and pongs that came, and the Close. Pings are answered here.
    package func advance(_ readiness: Readiness) throws(ClientFailure) -> [ServerFrameReader.Event] {
        if self.phase == .connecting {
            guard readiness != .none else { return [] }
            if let error = Socket.connectError(self.descriptor) { throw .notConnected(self.address, error) }
            self.phase = .opening
            try self.transport.begin()
            try self.transport.send(self.handshake.request)
        }
        try self.transport.flush()
        guard readiness.isReadable || readiness.isFailed || readiness.isHungUp else { return [] }
        // Behind both Closes everything is an end, a reset too.
        if self.phase == .closed {
            let goesOn = try? self.transport.receive(into: &self.inbox)
            self.inbox.removeAll(keepingCapacity: true)
            if goesOn != true { self.phase = .ended }
            return []
        }
        let goesOn = try self.transport.receive(into: &self.inbox)
        let events = try self.read()
        if !goesOn { try self.end() }
        // Answers, and what TLS has to say.
        if goesOn { try self.transport.flush() }
        return events
    }

    private func end() throws(ClientFailure) {
        switch self.phase {
        case .closed: self.phase = .ended
        case .connecting, .opening, .open, .closing, .ended: throw .cut
        }
    }

    private func read() throws(ClientFailure) -> [ServerFrameReader.Event] {
        if self.phase == .opening {
            do throws(HandshakeFailure) {
                guard let answer = try self.handshake.judge(self.inbox) else { return [] }
                guard case .accepted(let subprotocol, let rest) = answer else { return [] }
                self.subprotocol = subprotocol
                self.inbox.removeFirst(self.inbox.count - rest)
            } catch {
                throw .handshake(error)
            }
            self.phase = .open
        }
        self.reader.take(self.inbox, count: self.inbox.count)
        self.inbox.removeAll(keepingCapacity: true)
        var events: [ServerFrameReader.Event] = []
        while self.phase == .open || self.phase == .closing, let event = try self.nextEvent() {
            if try self.answer(event) { events.append(event) }
        }
        return events
    }

    private func nextEvent() throws(ClientFailure) -> ServerFrameReader.Event? {
        do throws(ServerViolation) {
            return try self.reader.next()
        } catch {
            try? self.close(error.closeCode, reason: "\(error)")
            throw .violation(error)
        }
    }

    /// False for what the owner need not see.
    private func answer(_ event: ServerFrameReader.Event) throws(ClientFailure) -> Bool {
        switch event {
        case .message, .pong: return true
        case .ping(let payload):
            if self.phase == .open, self.unsentCount <= Self.unsentBytesMax { try self.send(frame: .pong, payload) }
            return false
        case .close(let code, let reason):
            self.closing = (code, reason)
            // Its own code comes back (RFC 6455 5.5.1).
            if self.phase == .open { try self.send(frame: .close, code.map { CloseFrame(code: $0).payload } ?? []) }
            self.phase = .closed
            return true
        }
    }
}

extension CloseFrame {
    /// The frame without its header of two bytes.
    fileprivate var payload: [UInt8] { Array(self.encoded.dropFirst(2)) }
}
