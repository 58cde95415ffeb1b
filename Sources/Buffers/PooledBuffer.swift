/// A block of the pool with exactly one owner; leaving scope gives it back.
///
///     | headroom | readable | writable |
///     0 <= begin <= end <= capacity
@safe
package struct PooledBuffer: ~Copyable {
    private let block: Block
    private let pool: BlockPool
    /// The first readable byte.
    package private(set) var begin: Int
    /// The first writable byte.
    package private(set) var end: Int

    init(_ block: Block, headroom: Int, pool: BlockPool) {
        self.block = block
        self.pool = pool
        self.begin = headroom
        self.end = headroom
    }

    deinit { self.pool.takeBack(self.block) }

    package var capacity: Int { self.block.capacity }
    package var count: Int { self.end - self.begin }
    package var writableCount: Int { self.capacity - self.end }

    /// The whole block: headroom, readable and writable bytes.
    package var bytes: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get {
            let all = unsafe UnsafeMutableRawBufferPointer(start: self.block.base, count: self.block.capacity)
            let span = unsafe MutableSpan<UInt8>(_unsafeElements: all.bindMemory(to: UInt8.self))
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    /// The bytes that were written and not yet consumed.
    package var readable: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let all = unsafe UnsafeRawBufferPointer(start: self.block.base + self.begin, count: self.count)
            let span = unsafe Span<UInt8>(_unsafeElements: all.bindMemory(to: UInt8.self))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// `count` bytes after `end` have been written through `bytes`.
    package mutating func produced(_ count: Int) {
        precondition(count >= 0 && count <= self.writableCount)
        self.end += count
    }

    /// The first `count` readable bytes are done with.
    package mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count)
        self.begin += count
    }

    /// `count` bytes of the headroom have been filled, right before `begin`.
    package mutating func prepended(_ count: Int) {
        precondition(count >= 0 && count <= self.begin)
        self.begin -= count
    }

    /// Shortens the readable bytes to `count`.
    package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count)
        self.end = self.begin + count
    }

    /// Appends as much of `source` as fits; gives how much that was.
    package mutating func append(_ source: Span<UInt8>) -> Int {
        let count = min(source.count, self.writableCount)
        guard count > 0 else { return 0 }
        let target = unsafe self.block.base + self.end
        unsafe source.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe target.copyMemory(from: base, byteCount: count)
        }
        self.end += count
        return count
    }

    /// Sees to room for `count` more bytes, by moving to a larger block if need be; `expected` more are announced
    /// behind them. False when the pool has none.
    package mutating func makeRoom(for count: Int, expecting expected: Int, headroom: Int) -> Bool {
        guard self.writableCount < count else { return true }
        // Doubling while little has come; `take` goes by what is announced from a certain size on.
        let needed = self.count + count
        let wanted = needed < BlockPool.provenBytes ? 2 * needed : needed
        guard var larger = self.pool.take(wanted, expecting: expected, headroom: headroom) else { return false }
        _ = larger.append(self.readable)
        self = larger
        return true
    }
}
