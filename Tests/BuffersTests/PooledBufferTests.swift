import Buffers
import Testing

@Suite struct PooledBufferTests {
    private static let small = BlockPool.classes[0]
    private static let medium = BlockPool.classes[1]
    private let pool = BlockPool(bytesMax: 4 << 20, reserve: 0)

    private func buffer(_ count: Int, headroom: Int = 0) throws -> PooledBuffer {
        guard let buffer = self.pool.take(count, headroom: headroom) else { throw Exhausted() }
        return buffer
    }

    struct Exhausted: Error {}

    @Test func headroomStandsInFront() throws {
        var buffer = try self.buffer(Self.small - 24, headroom: 24)
        let before = (buffer.begin, buffer.end, buffer.count, buffer.writableCount)
        #expect(before == (24, 24, 0, Self.small - 24))
        _ = buffer.append([1, 2, 3].span)
        var bytes = buffer.bytes
        bytes[22] = 8
        bytes[23] = 9
        buffer.prepended(2)
        let readable = buffer.readable.array
        #expect(readable == [8, 9, 1, 2, 3])
    }

    @Test func bytesWrittenThroughTheSpanBecomeReadable() throws {
        var buffer = try self.buffer(10)
        let end = buffer.end
        var bytes = buffer.bytes
        for index in 0..<4 { bytes[end + index] = UInt8(index) }
        buffer.produced(4)
        buffer.consume(1)
        buffer.truncate(to: 2)
        let readable = buffer.readable.array
        #expect(readable == [1, 2])
        let writableCount = buffer.writableCount
        #expect(writableCount == Self.small - 3)
    }

    @Test func appendTakesWhatFits() throws {
        var buffer = try self.buffer(Self.small)
        let first = buffer.append(pattern(Self.small - 24).span)
        let second = buffer.append(pattern(100, from: Self.small - 24).span)
        let third = buffer.append([1].span)
        #expect([first, second, third] == [Self.small - 24, 24, 0])
        let readable = buffer.readable.array
        #expect(readable == pattern(Self.small))
    }

    @Test func roomThatIsThereMovesNothing() throws {
        var buffer = try self.buffer(Self.small)
        let isMade = buffer.makeRoom(for: Self.small, expecting: 1 << 20, headroom: 64)
        let capacity = buffer.capacity
        #expect(isMade && capacity == Self.small)
    }

    @Test func roomIsMadeWithBytesAndHeadroomKept() throws {
        var buffer = try self.buffer(1000)
        _ = buffer.append(pattern(1000).span)
        buffer.consume(10)
        let isMade = buffer.makeRoom(for: 1000, expecting: 0, headroom: 64)
        let begin = buffer.begin
        let readable = buffer.readable.array
        let writableCount = buffer.writableCount
        #expect(isMade && begin == 64)
        #expect(readable == pattern(990, from: 10))
        #expect(writableCount >= 1000)
        #expect(self.pool.bytesLent == Self.medium, "the smaller block is back")
    }

    /// Who announces much gets it once it has sent 64 KiB, and not before.
    @Test(arguments: [(0, 1), (1, 2), (3, 5)])
    func theAnnouncedIsTakenAtOnceWhenProven(_ before: Int, _ behind: Int) throws {
        let count = BlockPool.classes[before]
        var buffer = try self.buffer(count)
        _ = buffer.append(pattern(count).span)
        let isMade = buffer.makeRoom(for: 1, expecting: 800 << 10, headroom: 64)
        let capacity = buffer.capacity
        #expect(isMade && capacity == BlockPool.classes[behind])
    }

    @Test func anEmptyPoolLeavesTheBufferAsItWas() throws {
        let pool = BlockPool(bytesMax: Self.medium, reserve: 0)
        guard var buffer = pool.take(Self.small) else { throw Exhausted() }
        _ = buffer.append(pattern(Self.small).span)
        let isMade = buffer.makeRoom(for: 1, expecting: 0, headroom: 0)
        let readable = buffer.readable.array
        #expect(!isMade)
        #expect(readable == pattern(Self.small))
        #expect(pool.bytesLent == Self.small)
    }

    /// A frame header can announce 2^63 - 1 bytes where the route sets no limit.
    @Test func anAnnouncementBeyondEverythingIsRefusedAndNoTrap() throws {
        let count = BlockPool.classes[3]
        var buffer = try self.buffer(count)
        _ = buffer.append(pattern(count).span)
        let isMade = buffer.makeRoom(for: 1, expecting: .max, headroom: 64)
        let kept = buffer.count
        #expect(!isMade)
        #expect(kept == count)
        expect(self.pool.take(count, expecting: .max, headroom: 64) == nil)
    }

    @Test func aWrongCountOfOursStops() async {
        await #expect(processExitsWith: .failure) {
            guard var buffer = BlockPool(bytesMax: 1 << 20, reserve: 0).take(1024) else { return }
            buffer.produced(buffer.capacity + 1)
        }
        await #expect(processExitsWith: .failure) {
            guard var buffer = BlockPool(bytesMax: 1 << 20, reserve: 0).take(1024) else { return }
            buffer.consume(1)
        }
        await #expect(processExitsWith: .failure) {
            guard var buffer = BlockPool(bytesMax: 1 << 20, reserve: 0).take(1000, headroom: 8) else { return }
            buffer.prepended(9)
        }
    }
}

@Suite struct ByteCopyTests {
    @Test(arguments: [0, 1, 17]) func copiesToItsPlace(_ count: Int) {
        var target = [UInt8](repeating: 0xEE, count: 20)
        var span = target.mutableSpan
        ByteCopy.copy(pattern(count).span, into: &span, at: 3)
        #expect(target == [0xEE, 0xEE, 0xEE] + pattern(count) + [UInt8](repeating: 0xEE, count: 17 - count))
    }

    @Test func beyondTheTargetStops() async {
        await #expect(processExitsWith: .failure) {
            var target: [UInt8] = [1, 2, 3]
            var span = target.mutableSpan
            ByteCopy.copy([1, 2].span, into: &span, at: 2)
        }
    }
}
