package import WebSocket

/// Takes a server's frames apart and puts its messages together (RFC 6455 section 5), from bytes in any pieces.
package struct ServerFrameReader: Sendable {
    package enum Event: Equatable, Sendable {
        case message(MessageType, [UInt8])
        case ping([UInt8])
        case pong([UInt8])
        /// Nil: the Close frame says nothing. Nothing is read behind it.
        case close(CloseCode?, reason: String)
    }

    private struct Header {
        let isFinal: Bool
        let opcode: Opcode
        let headerCount: Int
        let payloadCount: Int
    }

    private let messageBytesMax: Int
    private var bytes: [UInt8] = []
    /// Where the first byte lies that was not used.
    private var start = 0
    /// The message under way.
    private var message: (type: MessageType, bytes: [UInt8])?

    package init(messageBytesMax: Int) { self.messageBytesMax = messageBytesMax }

    /// Bytes that came: `count` of them at the beginning of `window`.
    package mutating func take(_ window: [UInt8], count: Int) {
        if self.start == self.bytes.count {
            self.bytes.removeAll(keepingCapacity: true)
            self.start = 0
        }
        self.bytes.append(contentsOf: window[..<count])
    }

    /// The next event; nil: more bytes are needed.
    package mutating func next() throws(ServerViolation) -> Event? {
        while let header = try self.header() {
            guard self.bytes.count - self.start - header.headerCount >= header.payloadCount else {
                self.compact()
                return nil
            }
            let from = self.start + header.headerCount
            let payload = self.bytes[from..<from + header.payloadCount]
            self.start = from + header.payloadCount
            if let event = try self.event(header, payload) { return event }
        }
        self.compact()
        return nil
    }

    /// Forgets what was used once it is the larger part: else a stream of half frames would grow for ever.
    private mutating func compact() {
        guard self.start > 4096, self.start > self.bytes.count / 2 else { return }
        self.bytes.removeFirst(self.start)
        self.start = 0
    }

    /// Everything that can be known from the header is checked before its payload is waited for.
    private func header() throws(ServerViolation) -> Header? {
        let count = self.bytes.count - self.start
        guard count >= 2 else { return nil }
        let (first, second) = (self.bytes[self.start], self.bytes[self.start + 1])
        guard first & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .unknownOpcode(first & 0x0F) }
        guard second & 0x80 == 0 else { throw .masked }
        let isFinal = first & 0x80 != 0
        if opcode.isControl {
            guard isFinal else { throw .controlFrameFragmented }
            guard second <= 125 else { throw .controlFrameTooLong }
        }
        try self.checkOrder(opcode)
        let lengthBytes = second == 127 ? 8 : second == 126 ? 2 : 0
        guard count >= 2 + lengthBytes else { return nil }
        let payloadCount = lengthBytes == 0 ? Int(second) : try self.length(bytes: lengthBytes)
        guard opcode.isControl || payloadCount <= self.messageBytesMax - (self.message?.bytes.count ?? 0) else {
            throw .messageTooLarge(bytesMax: self.messageBytesMax)
        }
        return Header(isFinal: isFinal, opcode: opcode, headerCount: 2 + lengthBytes, payloadCount: payloadCount)
    }

    private func checkOrder(_ opcode: Opcode) throws(ServerViolation) {
        switch opcode {
        case .continuation: if self.message == nil { throw .continuationWithoutBeginning }
        case .text, .binary: if self.message != nil { throw .messageWithinMessage }
        case .close, .ping, .pong: break
        }
    }

    private func length(bytes count: Int) throws(ServerViolation) -> Int {
        var length: UInt64 = 0
        for index in 0..<count { length = length << 8 | UInt64(self.bytes[self.start + 2 + index]) }
        guard length < 1 << 63 else { throw .lengthBeyond63Bits }
        guard length > (count == 2 ? 125 : 65_535) else { throw .lengthNotMinimal }
        return Int(length)
    }

    private mutating func event(_ header: Header, _ payload: ArraySlice<UInt8>) throws(ServerViolation) -> Event? {
        switch header.opcode {
        case .ping: return .ping(Array(payload))
        case .pong: return .pong(Array(payload))
        case .close: return try Self.close(Array(payload))
        case .text: self.message = (.text, Array(payload))
        case .binary: self.message = (.binary, Array(payload))
        // In place: a message of many small fragments must not be copied for each.
        case .continuation: self.message?.bytes.append(contentsOf: payload)
        }
        guard header.isFinal, let message = self.message else { return nil }
        self.message = nil
        if message.type == .text {
            var validator = UTF8Validator()
            guard validator.consume(message.bytes.span), validator.isAtBoundary else { throw .textNotUTF8 }
        }
        return .message(message.type, message.bytes)
    }

    private static func close(_ payload: [UInt8]) throws(ServerViolation) -> Event {
        do throws(ProtocolViolation) {
            let frame = try CloseFrame(parsing: payload.span)
            return .close(frame.code, reason: frame.reason)
        } catch {
            throw .badClose(error)
        }
    }
}

extension Opcode {
    fileprivate var isControl: Bool {
        switch self {
        case .close, .ping, .pong: true
        case .continuation, .text, .binary: false
        }
    }
}
