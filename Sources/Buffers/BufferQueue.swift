/// Bytes that wait for a slow sink, oldest first.
package struct BufferQueue: ~Copyable {
    /// What a fresh buffer for leftovers holds at least, in bytes: a few hundred small frames.
    package static let bufferBytesMin = 1 << 14

    private final class Node {
        var buffer: PooledBuffer
        var next: Node?
        init(_ buffer: consuming PooledBuffer) { self.buffer = buffer }
    }

    private var first: Node?
    private var last: Node?
    package private(set) var count = 0

    package init() {}

    deinit {
        // One after the other: a chain that frees itself would recurse.
        var node = self.first
        while let current = node {
            node = current.next
            current.next = nil
        }
    }

    package var isEmpty: Bool { self.count == 0 }

    /// Takes over a buffer.
    package mutating func append(_ buffer: consuming PooledBuffer) {
        guard buffer.count > 0 else { return }
        self.count += buffer.count
        let node = Node(buffer)
        if let last = self.last { last.next = node } else { self.first = node }
        self.last = node
    }

    /// Copies `bytes` to the end; false when the pool has no block left (then nothing was kept).
    package mutating func append(copying bytes: Span<UInt8>, pool: BlockPool) -> Bool {
        let fits = self.last.map { min($0.buffer.writableCount, bytes.count) } ?? 0
        let rest = bytes.extracting(fits..<bytes.count)
        if rest.isEmpty {
            _ = self.last?.buffer.append(bytes)
            self.count += fits
            return true
        }
        guard var buffer = pool.take(max(rest.count, Self.bufferBytesMin)) else { return false }
        if fits > 0 { _ = self.last?.buffer.append(bytes.extracting(0..<fits)) }
        self.count += fits
        _ = buffer.append(rest)
        self.append(buffer)
        return true
    }

    /// Hands the oldest run of bytes to `write`, which tells how many it took.
    package mutating func writeFirst<Failure: Error>(
        _ write: (Span<UInt8>) throws(Failure) -> Int
    ) throws(Failure) {
        guard let node = self.first else { return }
        let taken = try write(node.buffer.readable)
        node.buffer.consume(taken)
        self.count -= taken
        guard node.buffer.count == 0 else { return }
        self.first = node.next
        if self.first == nil { self.last = nil }
    }

    package mutating func removeAll() {
        self = BufferQueue()
    }
}
