import Buffers
import Testing

@Suite struct BufferQueueTests {
    private let pool = BlockPool(bytesMax: 4 << 20, reserve: 0)

    @Test func nothingIsEmpty() {
        var queue = BufferQueue()
        expect(queue.isEmpty && queue.count == 0)
        queue.writeFirst { _ in
            Issue.record("there is nothing to write")
            return 0
        }
        let isKept = queue.append(copying: [UInt8]().span, pool: self.pool)
        #expect(isKept)
        expect(queue.isEmpty && queue.count == 0)
    }

    @Test(arguments: [1, 7, 1000, 1 << 14, Int.max]) func comesOutInOrder(_ step: Int) {
        var queue = BufferQueue()
        var expected: [UInt8] = []
        for count in [1, 100, 20_000, 3, 70_000, 16_384] {
            let bytes = pattern(count, from: expected.count)
            let isKept = queue.append(copying: bytes.span, pool: self.pool)
            #expect(isKept)
            expected += bytes
        }
        let count = queue.count
        #expect(count == expected.count)
        expect(queue.drain(step: step) == expected)
        expect(queue.isEmpty && queue.count == 0)
        #expect(self.pool.bytesLent == 0, "emptied buffers are back at once")
    }

    @Test func smallRunsShareABuffer() {
        var queue = BufferQueue()
        for index in 0..<100 {
            let isKept = queue.append(copying: pattern(10, from: 10 * index).span, pool: self.pool)
            #expect(isKept)
        }
        #expect(BlockPool.classes.contains(self.pool.bytesLent), "one block")
        expect(queue.drain() == pattern(1000))
    }

    @Test func whollyOwnedBuffersAndCopiesKeepTheirOrder() {
        var queue = BufferQueue()
        let isKept = queue.append(copying: pattern(10).span, pool: self.pool)
        guard var buffer = self.pool.take(100, headroom: 5) else { return expect(false, "a block was due") }
        _ = buffer.append(pattern(20, from: 10).span)
        queue.append(buffer)
        let isKeptToo = queue.append(copying: pattern(5, from: 30).span, pool: self.pool)
        #expect(isKept && isKeptToo)
        expect(queue.drain(step: 4) == pattern(35))
    }

    @Test func anEmptyBufferIsNotKept() {
        var queue = BufferQueue()
        queue.append(self.pool.emptyBuffer)
        if let buffer = self.pool.take(10) { queue.append(buffer) }
        expect(queue.isEmpty && queue.count == 0)
        #expect(self.pool.bytesLent == 0)
    }

    @Test func anExhaustedPoolKeepsNothingOfTheBytes() {
        let capacity = BlockPool.classes[2]
        let pool = BlockPool(bytesMax: capacity, reserve: 0)
        var queue = BufferQueue()
        let first = queue.append(copying: pattern(capacity - 384).span, pool: pool)
        let second = queue.append(copying: pattern(1000).span, pool: pool)
        let count = queue.count
        #expect(first && !second)
        #expect(count == capacity - 384)
        let third = queue.append(copying: pattern(384, from: capacity - 384).span, pool: pool)
        #expect(third, "what fits into the last buffer needs no block")
        expect(queue.drain() == pattern(capacity))
    }

    @Test func whatIsNotTakenStays() {
        var queue = BufferQueue()
        _ = queue.append(copying: [1, 2, 3].span, pool: self.pool)
        var runs: [[UInt8]] = []
        for taken in [0, 1, 0, 2] {
            queue.writeFirst { run in
                runs.append(run.array)
                return taken
            }
        }
        #expect(runs == [[1, 2, 3], [1, 2, 3], [2, 3], [2, 3]])
        expect(queue.isEmpty && queue.count == 0)
    }

    @Test func aFailedWriteTakesNothing() {
        struct Failure: Error {}
        var queue = BufferQueue()
        _ = queue.append(copying: [1, 2, 3].span, pool: self.pool)
        var isThrown = false
        do throws(Failure) {
            try queue.writeFirst { _ throws(Failure) in throw Failure() }
        } catch {
            isThrown = true
        }
        #expect(isThrown)
        expect(queue.drain() == [1, 2, 3])
    }

    @Test func removingGivesEverythingBack() {
        var queue = BufferQueue()
        for _ in 0..<10 { _ = queue.append(copying: pattern(20_000).span, pool: self.pool) }
        queue.removeAll()
        expect(queue.isEmpty && queue.count == 0)
        #expect(self.pool.bytesLent == 0)
        _ = queue.append(copying: [5].span, pool: self.pool)
        expect(queue.drain() == [5])
    }

    /// A queue that freed itself node by node from the front would overflow the stack.
    @Test func aLongQueueGoesOutOfScope() {
        let pool = BlockPool(bytesMax: 1 << 30, reserve: 0)
        do {
            var queue = BufferQueue()
            for _ in 0..<200_000 {
                guard var buffer = pool.take(1) else { return expect(false, "a block was due") }
                buffer.produced(1)
                queue.append(buffer)
            }
            let count = queue.count
            #expect(count == 200_000)
        }
        #expect(pool.bytesLent == 0)
    }
}
