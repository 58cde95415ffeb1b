/// Bytes that wait for a slow sink, oldest first. One pointer, since most streams have nothing waiting.
package struct BufferQueue: ~Copyable {
    /// What a fresh buffer for leftovers holds at least, in bytes: a few hundred small frames.
    package static let bufferBytesMin = 1 << 14

    private final class Node {
        var buffer: PooledBuffer
        var next: Node?
        init(_ buffer: consuming PooledBuffer) { self.buffer = buffer }
    }

    /// At least one node.
    private final class Chain {
        var first: Node
        var last: Node
        var count: Int

        init(_ node: Node) {
            self.first = node
            self.last = node
            self.count = node.buffer.count
        }

        deinit {
            // One after the other: a chain that frees itself would recurse.
            var node: Node? = self.first
            while let current = node {
                node = current.next
                current.next = nil
            }
        }
    }

    private var chain: Chain?

    package init() {}

    package var isEmpty: Bool { self.chain == nil }

    package var count: Int { self.chain?.count ?? 0 }

    /// Takes over a buffer.
    package mutating func append(_ buffer: consuming PooledBuffer) {
        guard buffer.count > 0 else { return }
        let node = Node(buffer)
        guard let chain = self.chain else {
            self.chain = Chain(node)
            return
        }
        chain.count += node.buffer.count
        chain.last.next = node
        chain.last = node
    }

    /// Copies `bytes` to the end; false when the pool has no block left (then nothing was kept).
    package mutating func append(copying bytes: Span<UInt8>, pool: BlockPool) -> Bool {
        let fits = self.chain.map { min($0.last.buffer.writableCount, bytes.count) } ?? 0
        let rest = bytes.extracting(fits..<bytes.count)
        var fresh: PooledBuffer?
        if !rest.isEmpty {
            guard var buffer = pool.take(max(rest.count, Self.bufferBytesMin)) else { return false }
            _ = buffer.append(rest)
            fresh = consume buffer
        }
        if fits > 0, let chain = self.chain {
            _ = chain.last.buffer.append(bytes.extracting(0..<fits))
            chain.count += fits
        }
        if let fresh = consume fresh { self.append(fresh) }
        return true
    }

    /// Hands the oldest run of bytes to `write`, which tells how many it took.
    package mutating func writeFirst<Failure: Error>(
        _ write: (Span<UInt8>) throws(Failure) -> Int
    ) throws(Failure) {
        guard let chain = self.chain else { return }
        let node = chain.first
        let taken = try write(node.buffer.readable)
        node.buffer.consume(taken)
        chain.count -= taken
        guard node.buffer.count == 0 else { return }
        if let next = node.next { chain.first = next } else { self.chain = nil }
    }

    package mutating func removeAll() { self.chain = nil }
}
