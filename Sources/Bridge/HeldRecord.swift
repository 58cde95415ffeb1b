internal import Buffers
internal import StdioFraming

/// A record of a child that comes with several reads.
final class HeldRecord {
    private(set) var buffer: PooledBuffer
    /// Where in the record it is, once the read is used up.
    var decoder: RecordDecoder

    init(pool: BlockPool, decoder: RecordDecoder) {
        self.decoder = decoder
        self.buffer = pool.emptyBuffer
    }

    /// Takes a piece; `expected` more bytes are announced behind it. False when the pool is empty.
    func add(_ piece: RecordPiece, of input: Span<UInt8>, expecting expected: Int) -> Bool {
        guard self.buffer.makeRoom(for: piece.count, expecting: expected, headroom: 0) else { return false }
        for index in 0..<piece.carried.count {
            let byte: [UInt8] = [piece.carried[index]]
            _ = self.buffer.append(byte.span)
        }
        _ = self.buffer.append(input.extracting(piece.range))
        return true
    }
}
