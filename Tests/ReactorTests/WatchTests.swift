import IOCore
import SimulatedIO
import SystemCalls
import Testing

@testable import Reactor

@Suite struct WatchTests {
    @Test func whoWatchesHearsWhichOfItsDescriptorsIsReady() throws {
        let reactor = try Reactor(pool: .forTests())
        let (one, other) = (try Ends.pipe(nearReads: true), try Ends.pipe(nearReads: true))
        let watcher = Watcher()
        let first = Descriptor(owning: one.near)
        let second = Descriptor(owning: other.near)
        try reactor.watch(first, watcher)
        try reactor.watch(second, watcher)
        watcher.onReady = { reactor.stop() }
        other.writeFar([1])
        reactor.run()
        #expect(watcher.descriptors == [other.near])
        reactor.endWatch(first)
        reactor.endWatch(second)
        reactor.close()
        #expect(watcher.closes == 0, "nobody is registered any more")
        one.closeFar()
        other.closeFar()
    }

    /// A stream takes the place of whoever watched: nothing is lost on the way, and he hears no more.
    @Test func aStreamTakesTheDescriptorOver() throws {
        let reactor = try Reactor(pool: .forTests())
        let ends = try Ends.pipe(nearReads: true)
        let (watcher, recorder) = (Watcher(), Recorder())
        let descriptor = Descriptor(owning: ends.near)
        try reactor.watch(descriptor, watcher)
        _ = descriptor.release()
        watcher.onReady = {
            let stream = try? reactor.makeStream(Descriptor(owning: ends.near), kind: .input)
            stream?.delegate = recorder
        }
        recorder.onBytes = { reactor.stop() }
        ends.writeFar([1, 2, 3])
        reactor.run()
        #expect(recorder.bytes == [1, 2, 3])
        #expect(watcher.descriptors.count == 1)
        reactor.close()
        #expect(watcher.closes == 0)
        ends.closeFar()
    }

    /// An idle connection costs its stream, and malloc(3) hands out 16 bytes at a time, less 8: one byte more would be
    /// 16 more for each (docs/performance.md, Memory).
    @Test func aStreamIsSmall() {
        #expect(instanceByteCount(of: DescriptorStream.self) <= 56)
    }
}

private final class Watcher: ReadinessHandler {
    var descriptors: [CInt] = []
    var closes = 0
    var onReady: () -> Void = {}

    override func ready(_ readiness: Readiness, on descriptor: CInt) {
        self.descriptors.append(descriptor)
        self.onReady()
    }
    override func close() { self.closes += 1 }
}
