/// The memory of one worker that may wait: unsent output, partial records, messages that came in pieces.
///
/// Blocks come in sizes of powers of four and a little more. The pool counts every byte it lends against its limit
/// and keeps a few returned blocks warm, because fresh pages cost more than the copy they receive. It belongs to
/// one thread.
package final class BlockPool {
    /// The sizes a block can have, in bytes.
    package static let classes = (5...10).map { (1 << (2 * $0)) + slack }
    /// A power of two of payload comes with a header and a suffix.
    private static let slack = 256
    /// What the free lists keep at most, in bytes: enough for a few large messages under way at once.
    package static let retainedBytesMax = 8 << 20

    package private(set) var bytesMax: Int
    /// What one read may need beyond what the pool has lent: streams are read only while this much is left.
    package private(set) var reserve: Int
    package private(set) var bytesLent = 0
    private var bytesRetained = 0
    private let nothing = unsafe Block(base: .allocate(byteCount: 1, alignment: 1), capacity: 0)
    private var free: [[Block]] = BlockPool.classes.map { _ in [] }

    /// `bytesMax` bounds what is lent at any time; `reserve` must hold what one read can lead to.
    package init(bytesMax: Int, reserve: Int) {
        self.bytesMax = max(bytesMax, 2 * reserve)
        self.reserve = reserve
    }

    /// Other limits from now on. What is lent stays lent, even if it is more.
    package func resize(bytesMax: Int, reserve: Int) {
        self.bytesMax = max(bytesMax, 2 * reserve)
        self.reserve = reserve
    }

    deinit {
        unsafe self.nothing.base.deallocate()
        for list in self.free {
            for block in list { unsafe block.base.deallocate() }
        }
    }

    /// Whether a stream may be read: whatever comes in can be kept.
    package var hasRoom: Bool { self.bytesLent <= self.bytesMax - self.reserve }

    /// A buffer of at least `count` bytes, or nil when the limit is reached.
    package func take(_ count: Int, headroom: Int = 0) -> PooledBuffer? {
        // First: what a peer announced may be too large to add anything to.
        guard count <= self.bytesMax, let block = self.lend(count + headroom) else { return nil }
        return PooledBuffer(block, headroom: headroom, pool: self)
    }

    /// Up to here a buffer grows with what has come. Beyond, it takes what is announced at once: whoever announces
    /// much has then sent this much, and the bytes need not be copied again and again.
    static let provenBytes = 64 << 10

    /// The same when `expected` bytes more are announced behind the `count` that are there.
    package func take(_ count: Int, expecting expected: Int, headroom: Int) -> PooledBuffer? {
        // Bounded before it is added to anything: a peer may announce the largest number there is.
        self.take(count > Self.provenBytes ? count + min(expected, self.bytesMax) : count, headroom: headroom)
    }

    /// A buffer without memory, to stand where one was taken away.
    package var emptyBuffer: PooledBuffer { PooledBuffer(self.nothing, headroom: 0, pool: self) }

    private func lend(_ count: Int) -> Block? {
        let kind = Self.classes.firstIndex { $0 >= count }
        let capacity = kind.map { Self.classes[$0] } ?? (count + 0xFFFF) & ~0xFFFF
        guard capacity <= self.bytesMax - self.bytesLent else { return nil }
        self.bytesLent += capacity
        if let kind, let block = self.free[kind].popLast() {
            self.bytesRetained -= capacity
            return block
        }
        return unsafe Block(base: .allocate(byteCount: capacity, alignment: 64), capacity: capacity)
    }

    func takeBack(_ block: Block) {
        guard block.capacity > 0 else { return }
        self.bytesLent -= block.capacity
        guard let kind = Self.classes.firstIndex(of: block.capacity),
            self.bytesRetained + block.capacity <= Self.retainedBytesMax
        else {
            unsafe block.base.deallocate()
            return
        }
        self.bytesRetained += block.capacity
        self.free[kind].append(block)
    }
}

/// Raw memory of the pool. Only `BlockPool` and `PooledBuffer` handle it; they see to one owner at a time.
@safe struct Block {
    let base: UnsafeMutableRawPointer
    let capacity: Int
}
