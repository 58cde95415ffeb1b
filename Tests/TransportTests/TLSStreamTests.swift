import Buffers
import IOCore
import SimulatedIO
import TLSEngine
import Testing
import Transport

@Suite struct TLSStreamTests {
    /// Bytes that come back, through whatever the connection does to them, and both goodbyes.
    @Test(arguments: Seed.some(30))
    func bytesPassThroughARoughWorld(_ seed: Seed) throws {
        var luck = seed.generator
        let harness = try #require(TLSHarness(seed, faults: .rough, capacity: luck.cut(32 << 10) + 100))
        harness.client.cuts = luck.chance(50) ? .random : .none
        harness.prepare = {
            $0.echoes = true
            $0.answersEnd = true
        }
        let delegate = try #require(harness.connect())
        var sent: [UInt8] = []
        for _ in 0..<luck.cut(8) {
            let bytes = luck.bytes(luck.cut(100_000))
            sent += bytes
            harness.send(bytes)
            for _ in 0..<luck.cut(20) { harness.loop.turn() }
        }
        harness.sendGoodbye()
        #expect(harness.loop.run { harness.engine.state == .ended }, "\(seed)")
        #expect(delegate.heard == sent, "\(seed)")
        #expect(harness.clientHeard == sent, "\(seed)")
        #expect(delegate.hasEnded, "\(seed)")
        #expect(delegate.failure == nil, "\(seed)")
        harness.stream?.close()
        delegate.stream?.close()
    }

    /// What comes while the owner pauses is delivered later, in order, and never from within a call.
    @Test(arguments: Seed.some(20))
    func aPauseHoldsEverythingBack(_ seed: Seed) throws {
        var luck = seed.generator
        let harness = try #require(TLSHarness(seed, faults: luck.chance(50) ? .rough : .none, capacity: 1 << 20))
        harness.prepare = { $0.pausesAfterEach = true }
        let delegate = try #require(harness.connect())
        let sent = luck.bytes(600_000)
        for start in stride(from: 0, to: sent.count, by: 20_000) { harness.send(Array(sent[start..<start + 20_000])) }
        harness.sendGoodbye()
        for _ in 0..<100_000 where !delegate.hasEnded {
            harness.loop.turn()
            guard delegate.isPaused else { continue }
            let (heard, taken) = (delegate.heard.count, harness.client.bytesTaken)
            for _ in 0..<luck.cut(5) { harness.loop.turn() }
            #expect(delegate.heard.count == heard, "\(seed)")
            #expect(harness.client.bytesTaken == taken, "\(seed)")
            delegate.resume()
            // Changing one's mind within the same turn.
            if luck.chance(20) { delegate.pause(); delegate.resume() }
        }
        #expect(delegate.heard == sent, "\(seed)")
        #expect(delegate.hasEnded, "\(seed)")
        delegate.stream?.close()
    }

    @Test func aClientThatDoesNotReadIsWaitedFor() throws {
        let harness = try #require(TLSHarness())
        let delegate = try #require(harness.connect())
        harness.client.readBytesMax = 0
        let bytes = [UInt8](repeating: 7, count: 300_000)
        delegate.stream?.write(bytes.span)
        delegate.stream?.finishWriting()
        #expect(try #require(delegate.stream).unsentCount > 230_000)
        #expect(try #require(delegate.stream).undeliveredCount > 290_000)
        harness.loop.settle()
        #expect(delegate.advances == 0)
        harness.client.readBytesMax = nil
        #expect(harness.loop.run { harness.engine.state == .ended })
        #expect(harness.clientHeard == bytes)
        #expect(delegate.stream?.unsentCount == 0)
        #expect(delegate.advances > 0)
        // Behind our end nothing is sent.
        delegate.stream?.write(bytes.span)
        #expect(delegate.stream?.unsentCount == 0)
        delegate.stream?.close()
        #expect(harness.remains.isEmpty)
    }

    @Test func anEndWithoutGoodbyeIsACut() throws {
        for hasGoodbye in [true, false] {
            let harness = try #require(TLSHarness())
            let delegate = try #require(harness.connect())
            harness.send([1, 2, 3])
            if hasGoodbye { harness.sendGoodbye() }
            harness.client.finish()
            harness.loop.settle()
            #expect(delegate.heard == [1, 2, 3])
            #expect(delegate.hasEnded == hasGoodbye)
            #expect(delegate.failure == (hasGoodbye ? nil : .cut))
            if hasGoodbye { delegate.stream?.close() }
            harness.loop.settle()
            // Our own goodbye goes with the close.
            #expect(harness.engine.state == .ended)
            #expect(harness.remains.isEmpty)
        }
    }

    @Test func aResetAndAWrongByteBreakTheStream() throws {
        let reset = try #require(TLSHarness())
        let first = try #require(reset.connect())
        reset.client.reset()
        reset.loop.settle()
        #expect(first.failure == .system(104))
        #expect(reset.remains.isEmpty)

        let wrong = try #require(TLSHarness())
        let second = try #require(wrong.connect())
        var bytes = wrong.sealed([1, 2, 3])
        bytes[bytes.count - 1] ^= 1
        wrong.client.send(bytes)
        wrong.loop.settle()
        #expect(second.failure == .violated(reason: "decryption failed or bad record mac"))
        #expect(wrong.engine.state == .failed(.alert("sslv3 alert bad record mac")))
        #expect(wrong.remains.isEmpty)
    }

    /// The rest of a window that cannot be kept is lost, so the stream is.
    @Test func aPauseWithoutBuffersBreaksTheStream() throws {
        let harness = try #require(TLSHarness(capacity: 1 << 20))
        let delegate = try #require(harness.connect())
        let pool = harness.loop.pool
        var hog = BufferQueue()
        delegate.hears = {
            delegate.pause()
            for size in BlockPool.classes.reversed() {
                while var buffer = pool.take(size) {
                    buffer.produced(1)
                    hog.append(buffer)
                }
            }
        }
        // Plaintext of more than a window, by the record of which OpenSSL holds the start.
        let bytes = harness.sealed([UInt8](repeating: 1, count: 400_000))
        harness.client.send(Array(bytes[..<16_000]))
        harness.loop.settle()
        harness.client.send(Array(bytes[16_000...]))
        harness.loop.settle()
        #expect(delegate.failure == .outOfBuffers)
        #expect(!harness.client.stream.isOpen)
        hog.removeAll()
        delegate.hears = {}
        #expect(harness.remains.isEmpty)
    }

    @Test func closingFromWithinADelivery() throws {
        let harness = try #require(TLSHarness())
        let delegate = try #require(harness.connect())
        harness.prepare = { _ in }
        let closer = Closer(try #require(delegate.stream))
        harness.stream?.delegate = closer
        harness.client.send(harness.sealed([UInt8](repeating: 1, count: 300_000)))
        harness.loop.settle()
        #expect(closer.deliveries == 1)
        #expect(!harness.client.stream.isOpen)
    }
}

/// Closes its stream when it hears something.
private final class Closer: ByteStreamDelegate {
    private let stream: any ByteStream
    var deliveries = 0

    init(_ stream: any ByteStream) { self.stream = stream }

    func received(_ window: inout MutableSpan<UInt8>, from start: Int) {
        self.deliveries += 1
        self.stream.close()
    }
    func inputEnded() {}
    func outputAdvanced() {}
    func failed(_ failure: StreamFailure) { Issue.record("\(failure)") }
}
