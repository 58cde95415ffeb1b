internal import Buffers
internal import IOCore
internal import WebSocket

/// A message that comes in several pieces: in fragments, or in a frame that one read did not bring whole.
final class MessageAssembly {
    /// Up to here a buffer grows with what has come. Beyond, it takes what the frame's header claims at once: whoever
    /// claims much has then sent this much, and the bytes need not be copied again and again.
    private static let provenBytes = 64 << 10
    /// For a prefix of any encoding.
    static let headroom = 64

    private let type: MessageType
    private var buffer: PooledBuffer

    init?(_ piece: MessagePiece, pool: BlockPool) {
        self.type = piece.type
        guard let buffer = pool.take(piece.count + 1, headroom: Self.headroom) else { return nil }
        self.buffer = buffer
    }

    /// Takes a piece out of the window; false when the pool is empty.
    func add(
        _ piece: MessagePiece, from window: borrowing MutableSpan<UInt8>, reader: inout FrameReader, pool: BlockPool
    ) throws(ProtocolViolation) -> Bool {
        guard self.makeRoom(for: piece, pool: pool) else { return false }
        let end = self.buffer.end
        var bytes = self.buffer.bytes
        try reader.transfer(piece, from: window, into: &bytes, at: end)
        self.buffer.produced(piece.count)
        return true
    }

    private func makeRoom(for piece: MessagePiece, pool: BlockPool) -> Bool {
        // One more for a suffix.
        guard self.buffer.writableCount < piece.count + 1 else { return true }
        let needed = self.buffer.count + piece.count + 1
        let wanted = needed > Self.provenBytes ? needed + piece.frameRest : 2 * needed
        guard var larger = pool.take(wanted, headroom: Self.headroom) else { return false }
        _ = larger.append(self.buffer.readable)
        self.buffer = larger
        return true
    }

    /// Makes of the whole message what `encoding` wants; gives the length of its payload.
    func encode<Encoding: MessageEncoding>(_ encoding: Encoding) throws(ProtocolViolation) -> Int {
        let payload = self.buffer.begin..<self.buffer.end
        var bytes = self.buffer.bytes
        let count = try encoding.prepare(self.type, &bytes, payload)
        let prefix = encoding.prefixCount(self.type, payloadCount: count)
        encoding.writePrefix(self.type, payloadCount: count, into: &bytes, at: payload.lowerBound - prefix)
        if let suffix = encoding.suffix { bytes[payload.lowerBound + count] = suffix }
        self.buffer.truncate(to: count)
        if encoding.suffix != nil { self.buffer.produced(1) }
        self.buffer.prepended(prefix)
        return count
    }

    /// Gives the encoded message away; what stays is empty.
    func write(to sink: any ByteStream, pool: BlockPool) {
        var buffer = pool.emptyBuffer
        swap(&buffer, &self.buffer)
        sink.write(buffer)
    }
}
