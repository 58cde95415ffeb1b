import Buffers
import Testing

@Suite struct BlockPoolTests {
    private static let small = BlockPool.classes[0]
    private static let medium = BlockPool.classes[1]
    private static let large = BlockPool.classes[5]

    /// Every edge of every class; above them whole 64 KiB.
    static let sizes: [(Int, Int)] = [(0, small), (1, small)] + BlockPool.classes.indices.map {
        (BlockPool.classes[$0], BlockPool.classes[$0])
    } + BlockPool.classes.indices.dropFirst().map { (BlockPool.classes[$0 - 1] + 1, BlockPool.classes[$0]) } + [
        (large + 1, (1 << 20) + (1 << 16)), (3 << 20, 3 << 20), ((3 << 20) - 1, 3 << 20),
    ]

    @Test(arguments: sizes)
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
            let first = pool.take(1)
            let second = pool.take(Self.medium)
            let areThere = first != nil && second != nil
            #expect(areThere)
            #expect(pool.bytesLent == Self.small + Self.medium)
            _ = consume first
            #expect(pool.bytesLent == Self.medium)
        }
        #expect(pool.bytesLent == 0)
    }

    @Test func anotherLimitHoldsFromNowOn() {
        let pool = BlockPool(bytesMax: Self.small, reserve: 0)
        let first = pool.take(1)
        let tooMuch = pool.take(1) == nil
        pool.resize(bytesMax: 3 * Self.small, reserve: Self.small)
        let second = pool.take(1)
        let isThere = second != nil
        let hasRoom = pool.hasRoom
        pool.resize(bytesMax: Self.small, reserve: 0)
        let isOver = pool.take(1) == nil
        #expect(tooMuch && isThere && hasRoom && isOver)
        #expect(pool.bytesLent == 2 * Self.small, "what is lent stays lent")
        #expect(!pool.hasRoom)
        _ = consume first
        _ = consume second
        #expect(pool.bytesLent == 0 && pool.hasRoom)
    }

    @Test func theLimitHoldsToTheByte() {
        let pool = BlockPool(bytesMax: 3 * Self.small, reserve: 0)
        let first = pool.take(1)
        let second = pool.take(1)
        expect(pool.take(Self.small + 1) == nil, "the next class does not fit into the rest")
        let third = pool.take(1)
        expect(pool.take(1) == nil)
        #expect(pool.bytesLent == 3 * Self.small)
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
        let pool = BlockPool(bytesMax: 4 * Self.small, reserve: Self.small)
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
        #expect(pool.bytesLent == 12 * Self.large)
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
