import Buffers
import Glibc
import IOCore
import Reactor
import SystemCalls
import Testing

/// Streams over real sockets and pipes.
@Suite struct DescriptorStreamTests {
    private static let megabyte: [UInt8] = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ ($0 >> 8)) }

    let reactor: Reactor
    let recorder = Recorder()

    init() throws {
        // As the server does: a pipe whose reader is gone is an error and no signal.
        signal(SIGPIPE, SIG_IGN)
        self.reactor = try Reactor(pool: .forTests())
    }

    private func stream(_ ends: Ends, _ kind: StreamKind = .socket) throws -> any ByteStream {
        let stream = try self.reactor.makeStream(Descriptor(owning: ends.near), kind: kind)
        stream.delegate = self.recorder
        return stream
    }

    /// Reads the far end until `count` bytes are there, or to its end when `count` is nil.
    private func drain(_ ends: Ends, into bytes: Box<[UInt8]>, count: Int? = nil) -> () -> Bool {
        {
            guard let more = ends.readFar() else { return true }
            bytes.value += more
            return count.map { bytes.value.count >= $0 } ?? false
        }
    }

    @Test(arguments: [StreamKind.socket, .output])
    func whatTheKernelDoesNotTakeFollowsInOrder(_ kind: StreamKind) throws {
        let ends = kind == .socket ? try Ends.socketPair() : try Ends.pipe(nearReads: false)
        let stream = try self.stream(ends, kind)
        let bytes = Box<[UInt8]>([])
        stream.write(Self.megabyte.span)
        #expect(stream.unsentCount > 0)
        stream.write(Self.megabyte.span)
        #expect(self.recorder.advances == 0, "a write calls nobody back")
        Script.run(self.reactor, self.drain(ends, into: bytes, count: 2 << 20))
        #expect(bytes.value == Self.megabyte + Self.megabyte)
        #expect(stream.unsentCount == 0)
        #expect(self.recorder.advances > 0)
        #expect(self.reactor.pool.bytesLent == 0)
        stream.close()
    }

    @Test(arguments: [StreamKind.socket, .output])
    func finishingSendsEverythingFirst(_ kind: StreamKind) throws {
        let ends = kind == .socket ? try Ends.socketPair() : try Ends.pipe(nearReads: false)
        let stream = try self.stream(ends, kind)
        let bytes = Box<[UInt8]>([])
        stream.write(Self.megabyte.span)
        stream.finishWriting()
        stream.finishWriting()
        stream.write([1, 2, 3].span)
        Script.run(self.reactor, self.drain(ends, into: bytes))
        #expect(bytes.value == Self.megabyte)
        #expect(self.recorder.failures.isEmpty)
        stream.close()
    }

    @Test func aBufferThatChangesHandsIsSentWithoutItsHeadroom() throws {
        let ends = try Ends.socketPair()
        let stream = try self.stream(ends)
        guard var buffer = self.reactor.pool.take(Self.megabyte.count, headroom: 0) else { return }
        _ = buffer.append(Self.megabyte.span)
        buffer.consume(3)
        stream.write([9].span)
        stream.write(buffer)
        let bytes = Box<[UInt8]>([])
        Script.run(self.reactor, self.drain(ends, into: bytes, count: Self.megabyte.count - 2))
        #expect(bytes.value == [9] + Self.megabyte.dropFirst(3))
        stream.close()
    }

    @Test func oneDirectionMayEndBeforeTheOther() throws {
        let ends = try Ends.socketPair()
        let stream = try self.stream(ends)
        let bytes = Box<[UInt8]>([])
        ends.writeFar([1, 2])
        ends.shutDownFar()
        Script.run(
            self.reactor,
            { self.recorder.ends == 1 },
            Script.once { stream.write([3, 4].span) },
            self.drain(ends, into: bytes, count: 2),
            Pause(ticks: 5).step)
        #expect(self.recorder.bytes == [1, 2])
        #expect(self.recorder.ends == 1)
        #expect(bytes.value == [3, 4])
        stream.close()
    }

    @Test func oursMayEndFirst() throws {
        let ends = try Ends.socketPair()
        let stream = try self.stream(ends)
        let bytes = Box<[UInt8]>([])
        stream.finishWriting()
        Script.run(
            self.reactor, self.drain(ends, into: bytes), Script.once { ends.writeFar([7]) },
            { self.recorder.bytes == [7] }, Script.once { ends.closeFar() }, { self.recorder.ends == 1 })
        #expect(self.recorder.failures.isEmpty)
        stream.close()
    }

    @Test func aResetIsAFailure() throws {
        let ends = try Ends.tcp()
        let stream = try self.stream(ends)
        ends.resetFar()
        Script.run(self.reactor, { !self.recorder.failures.isEmpty }, Pause(ticks: 5).step)
        #expect(self.recorder.failures == [.system(ECONNRESET)])
        #expect(self.recorder.ends == 0)
        stream.write([1].span)
        #expect(stream.unsentCount == 0, "a broken stream keeps nothing")
    }

    @Test func aResetWhilePausedIsAFailureToo() throws {
        let ends = try Ends.tcp()
        let stream = try self.stream(ends)
        stream.pauseReading()
        Script.run(self.reactor, Script.once { ends.resetFar() }, { !self.recorder.failures.isEmpty })
        #expect(self.recorder.failures == [.system(ECONNRESET)])
        stream.close()
    }

    @Test(arguments: [StreamKind.socket, .input])
    func aHangUpWhilePausedNeitherSpinsNorLosesBytes(_ kind: StreamKind) throws {
        let ends = kind == .socket ? try Ends.socketPair() : try Ends.pipe(nearReads: true)
        let stream = try self.stream(ends, kind)
        let pause = Pause()
        stream.pauseReading()
        ends.writeFar([1, 2, 3])
        ends.closeFar()
        Script.run(
            self.reactor, pause.step,
            Script.once {
                #expect(self.recorder.reads == 0 && self.recorder.ends == 0)
                stream.resumeReading()
            },
            { self.recorder.ends == 1 })
        #expect(self.recorder.bytes == [1, 2, 3])
        #expect(pause.hasSlept)
        #expect(self.recorder.failures.isEmpty)
        stream.close()
    }

    @Test func theEndDoesNotSpinWhileTheStreamStaysOpen() throws {
        let ends = try Ends.socketPair()
        let stream = try self.stream(ends)
        let pause = Pause()
        ends.closeFar()
        Script.run(self.reactor, { self.recorder.ends == 1 }, pause.step)
        #expect(pause.hasSlept)
        #expect(self.recorder.ends == 1)
        stream.close()
    }

    /// It matters to nobody before the next write.
    @Test func aReaderThatIsGoneLeavesAnIdlePipeAlone() throws {
        let ends = try Ends.pipe(nearReads: false)
        let stream = try self.stream(ends, .output)
        let pause = Pause()
        ends.closeFar()
        Script.run(
            self.reactor, pause.step,
            Script.once {
                #expect(self.recorder.failures.isEmpty && pause.hasSlept)
                stream.write([1].span)
            },
            { !self.recorder.failures.isEmpty })
        #expect(self.recorder.failures == [.system(EPIPE)])
        stream.close()
    }

    @Test func aReaderThatGoesBreaksThePipeThatWaitsForIt() throws {
        let ends = try Ends.pipe(nearReads: false)
        let stream = try self.stream(ends, .output)
        stream.write(Self.megabyte.span)
        #expect(stream.unsentCount > 0)
        Script.run(
            self.reactor, Pause(ticks: 5).step, Script.once { ends.closeFar() }, { !self.recorder.failures.isEmpty })
        #expect(self.recorder.failures == [.system(EPIPE)])
        #expect(self.reactor.pool.bytesLent == 0)
        stream.close()
    }

    @Test func aFailedWriteIsToldLaterAndOnce() throws {
        let ends = try Ends.pipe(nearReads: false)
        let stream = try self.stream(ends, .output)
        ends.closeFar()
        stream.write([1].span)
        stream.write([2].span)
        #expect(self.recorder.failures.isEmpty)
        Script.run(self.reactor, { !self.recorder.failures.isEmpty }, Pause(ticks: 5).step)
        #expect(self.recorder.failures == [.system(EPIPE)])
    }

    @Test func pausedMeansThatNothingIsRead() throws {
        let ends = try Ends.socketPair()
        let stream = try self.stream(ends)
        self.recorder.onBytes = { stream.pauseReading() }
        ends.writeFar([1])
        Script.run(
            self.reactor, { self.recorder.bytes == [1] }, Script.once { ends.writeFar([2]) },
            Pause(ticks: 5).step,
            Script.once {
                #expect(self.recorder.bytes == [1])
                stream.resumeReading()
            },
            { self.recorder.bytes == [1, 2] })
        stream.close()
    }

    @Test func closedWithinItsOwnCallIsClosedForGood() throws {
        let ends = try Ends.socketPair()
        let stream = try self.stream(ends)
        self.recorder.onBytes = {
            stream.write([5].span)
            stream.close()
            stream.write([6].span)
            stream.resumeReading()
            stream.finishWriting()
            stream.close()
        }
        ends.writeFar([1])
        ends.shutDownFar()
        let bytes = Box<[UInt8]>([])
        Script.run(self.reactor, self.drain(ends, into: bytes), Pause(ticks: 5).step)
        #expect(bytes.value == [5])
        #expect(self.recorder.reads == 1 && self.recorder.ends == 0 && self.recorder.failures.isEmpty)
    }
}

/// A value that closures share.
final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}
