import Buffers
import Testing

@Suite struct BlockPoolTests {
    @Test(arguments: [
        (0, 1024), (1, 1024), (1024, 1024), (1025, 4096), (4096, 4096), (4097, 16_384), (65_536, 65_536),
        (262_145, 1_048_576), (1_048_576, 1_048_576),
        // Above the classes: whole 64 KiB.
        (1_048_577, 1_114_112), (3_145_728, 3_145_728),
    ] as [(Int, Int)])
    func aBlockIsTheSmallestThatHolds(_ count: Int, _ capacity: Int) throws {
        let pool = BlockPool(bytesMax: 8 << 20, reserve: 0)
        guard let buffer = pool.take(count) else { return expect(false, "a block was due") }
        let got = buffer.capacity
        #expect(got == capacity)
        #expect(pool.bytesLent == capacity)
    }

    @Test func whatGoesOutOfScopeComesBack() {
        let pool = BlockPool(bytesMax: 1 << 20, reserve: 0)
        do {
            let first = pool.take(1000)
            let second = pool.take(5000)
            let areThere = first != nil && second != nil
            #expect(areThere)
            #expect(pool.bytesLent == 1024 + 16_384)
            _ = consume first
            #expect(pool.bytesLent == 1 << 14)
        }
        #expect(pool.bytesLent == 0)
    }

    @Test func theLimitHoldsToTheByte() {
        let pool = BlockPool(bytesMax: 3 << 10, reserve: 0)
        let first = pool.take(1)
        let second = pool.take(1)
        expect(pool.take(1025) == nil, "4 KiB do not fit into the rest")
        let third = pool.take(1)
        expect(pool.take(1) == nil)
        #expect(pool.bytesLent == 3 << 10)
        _ = consume second
        expect(pool.take(1) != nil)
        let areThere = first != nil && third != nil
        #expect(areThere)
    }

    @Test(arguments: [Int.max, Int.max - 0xFFFF, Int.max - 64, 1 << 62])
    func aSizeBeyondEverythingIsRefused(_ count: Int) {
        let pool = BlockPool(bytesMax: 1 << 20, reserve: 0)
        expect(pool.take(count, headroom: 64) == nil)
        #expect(pool.bytesLent == 0)
    }

    @Test func thereIsRoomWhileTheReserveIsFree() {
        let pool = BlockPool(bytesMax: 4 << 10, reserve: 1 << 10)
        #expect(pool.hasRoom)
        let third = pool.take(1)
        let second = pool.take(1)
        let first = pool.take(1)
        #expect(pool.hasRoom, "exactly the reserve is left")
        do {
            let last = pool.take(1)
            let isThere = last != nil
            #expect(isThere, "the reserve can be lent")
            #expect(!pool.hasRoom)
        }
        #expect(pool.hasRoom)
        let areThere = first != nil && second != nil && third != nil
        #expect(areThere)
    }

    @Test func theLimitHoldsTwoReservesAtLeast() {
        #expect(BlockPool(bytesMax: 0, reserve: 1 << 20).bytesMax == 2 << 20)
    }

    /// A block that came back is lent again before new memory is asked for.
    @Test func blocksAreUsedAgain() {
        let pool = BlockPool(bytesMax: 1 << 20, reserve: 0)
        Self.write(0xAB, pool)
        guard var again = pool.take(1 << 10) else { return expect(false, "a block was due") }
        let byte = again.bytes[100]
        #expect(byte == 0xAB)
    }

    @Test func moreThanIsRetainedMayComeBack() {
        let pool = BlockPool(bytesMax: 64 << 20, reserve: 0)
        var blocks = BufferQueue()
        for _ in 0..<12 {
            guard var buffer = pool.take(1 << 20) else { return expect(false, "a block was due") }
            buffer.produced(1)
            blocks.append(buffer)
        }
        #expect(pool.bytesLent == 12 << 20)
        blocks.removeAll()
        #expect(pool.bytesLent == 0)
        expect(blocks.isEmpty)
    }

    @Test func theEmptyBufferCostsNothing() {
        let pool = BlockPool(bytesMax: 0, reserve: 0)
        do {
            var buffer = pool.emptyBuffer
            let appended = buffer.append([1].span)
            let capacity = buffer.capacity
            #expect(appended == 0 && capacity == 0)
        }
        #expect(pool.bytesLent == 0)
    }

    private static func write(_ byte: UInt8, _ pool: BlockPool) {
        guard var buffer = pool.take(1 << 10) else { return }
        var bytes = buffer.bytes
        bytes[100] = byte
    }
}
