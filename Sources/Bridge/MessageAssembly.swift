internal import Buffers
internal import IOCore
internal import SystemCalls
internal import WebSocket

/// A message that comes in several pieces: in fragments, or in a frame that one read did not bring whole.
final class MessageAssembly {
    /// For a prefix of any encoding.
    static let headroom = 64

    private let type: MessageType
    private var buffer: PooledBuffer

    init?(_ piece: MessagePiece, pool: BlockPool) {
        self.type = piece.type
        guard let buffer = pool.take(piece.count + 1, expecting: piece.frameRest, headroom: Self.headroom) else {
            return nil
        }
        self.buffer = buffer
    }

    /// Takes a piece out of the window; false when the pool is empty.
    func add(
        _ piece: MessagePiece, from window: borrowing MutableSpan<UInt8>, reader: inout FrameReader
    ) throws(ProtocolViolation) -> Bool {
        // One more for a suffix.
        guard self.buffer.makeRoom(for: piece.count + 1, expecting: piece.frameRest, headroom: Self.headroom) else {
            return false
        }
        try self.buffer.take(piece, from: window, reader: &reader)
        return true
    }

    /// Makes of the whole message what `encoding` wants; gives the length of its payload.
    func encode(_ encoding: MessageEncoding) throws(ProtocolViolation) -> Int {
        switch encoding {
        case .frames(let frames): try self.buffer.encode(self.type, frames)
        case .records(let records): try self.buffer.encode(self.type, records)
        }
    }

    /// The size that a message asks for and that does nothing else.
    var terminalSize: TerminalSize? {
        guard self.type == .text else { return nil }
        return self.buffer.terminalSize()
    }

    /// Gives the encoded message away; what stays is empty.
    func write(to sink: any ByteStream, pool: BlockPool) {
        var buffer = pool.emptyBuffer
        swap(&buffer, &self.buffer)
        sink.write(buffer)
    }
}

extension PooledBuffer {
    fileprivate borrowing func terminalSize() -> TerminalSize? {
        let message = self.readable
        return TerminalResize.parse(message)
    }

    fileprivate mutating func take(
        _ piece: MessagePiece, from window: borrowing MutableSpan<UInt8>, reader: inout FrameReader
    ) throws(ProtocolViolation) {
        let end = self.end
        var bytes = self.bytes
        try reader.transfer(piece, from: window, into: &bytes, at: end)
        self.produced(piece.count)
    }

    fileprivate mutating func encode(
        _ type: MessageType, _ encoding: some PayloadEncoding
    ) throws(ProtocolViolation) -> Int {
        let payload = self.begin..<self.end
        var bytes = self.bytes
        let count = try encoding.prepare(type, &bytes, payload)
        let prefix = encoding.prefixCount(type, payloadCount: count)
        encoding.writePrefix(type, payloadCount: count, into: &bytes, at: payload.lowerBound - prefix)
        if let suffix = encoding.suffix { bytes[payload.lowerBound + count] = suffix }
        self.truncate(to: count)
        if encoding.suffix != nil { self.produced(1) }
        self.prepended(prefix)
        return count
    }
}
