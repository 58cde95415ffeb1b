import Buffers
import Glibc
import IOCore
import Reactor
import SystemCalls
import Testing

/// A peer that takes nothing more has its last words read before anybody is told.
@Suite struct BrokenOutputTests {
    private static let lastWords = [UInt8](repeating: 7, count: 40_000)

    let reactor: Reactor
    let recorder = Recorder()

    init() throws {
        signal(SIGPIPE, SIG_IGN)
        self.reactor = try Reactor(pool: .forTests())
    }

    /// A stream whose peer has said this, did not read what it was sent, and left.
    private func leftBehind(_ words: [UInt8]) throws -> (stream: any ByteStream, bytes: Int) {
        let ends = try Ends.tcp()
        let stream = try self.reactor.makeStream(Descriptor(owning: ends.near), kind: .socket)
        stream.delegate = self.recorder
        stream.write([1, 2, 3].span)
        let count = ends.writeFar(words)
        ends.closeFar()
        return (stream, count)
    }

    /// The owner takes a break in between.
    @Test func lastWordsAreReadBehindAFailedWrite() throws {
        let (stream, count) = try self.leftBehind(Self.lastWords)
        #expect(count == Self.lastWords.count)
        var breaks = 0
        self.recorder.onBytes = {
            guard breaks == 0 else { return }
            breaks += 1
            stream.pauseReading()
            self.reactor.atNextTurn { stream.resumeReading() }
        }
        // The reset is there already: the first write fails, or the one behind it.
        stream.write([4].span)
        stream.write([5].span)
        Script.run(self.reactor, { !self.recorder.failures.isEmpty })
        #expect(self.recorder.bytes.count == count)
        #expect(self.recorder.ends == 0 && self.recorder.failures.count == 1, "a break is no proper end")
        #expect(self.reactor.pool.bytesLent == 0)
    }

    /// The same when the failure comes to light while what had to wait is sent.
    @Test func lastWordsAreReadBehindAFailedFlush() throws {
        let ends = try Ends.tcp()
        let stream = try self.reactor.makeStream(Descriptor(owning: ends.near), kind: .socket)
        stream.delegate = self.recorder
        while stream.unsentCount == 0 { stream.write(Self.lastWords.span) }
        ends.writeFar([8, 9])
        ends.closeFar()
        Script.run(self.reactor, { !self.recorder.failures.isEmpty })
        #expect(self.recorder.bytes == [8, 9])
        #expect(self.recorder.ends == 0 && self.reactor.pool.bytesLent == 0)
    }

    @Test func whoHasPausedIsToldAtOnce() throws {
        let (stream, _) = try self.leftBehind([8, 9])
        stream.pauseReading()
        stream.write([4].span)
        stream.write([5].span)
        Script.run(self.reactor, { !self.recorder.failures.isEmpty })
        #expect(self.recorder.bytes == [])
    }

    /// Who sends from a file waits for room and for nothing else: without a word it would wait for ever.
    @Test(arguments: [0, 1, 2])
    func whoSendsFromAFileIsToldToo(_ writesBefore: Int) throws {
        let (stream, _) = try self.leftBehind([8, 9])
        for _ in 0..<writesBefore { stream.write([4].span) }
        let file = Descriptor(owning: unsafe open("/proc/self/exe", O_RDONLY | O_CLOEXEC))
        // The first to reach a socket that was reset may still be taken.
        for _ in 0..<2 { _ = stream.sendFile(file, from: 0, count: 1000) }
        stream.pauseReading()
        Script.run(self.reactor, { !self.recorder.failures.isEmpty })
        #expect(self.recorder.failures.count == 1 && self.recorder.bytes == [])
    }
}
