import Buffers
import Glibc
import IOCore
import Reactor
import SystemCalls
import Testing

/// What happens when buffers or descriptors run out.
@Suite struct ExhaustionTests {
    @Test func aPoolWithoutABlockForOutputEndsTheStream() throws {
        let reactor = try Reactor(pool: .forTests(bytesMax: 2 << 20))
        let recorder = Recorder()
        let ends = try Ends.socketPair()
        let stream = try reactor.makeStream(Descriptor(owning: ends.near), kind: .socket)
        stream.delegate = recorder
        let megabyte = [UInt8](repeating: 7, count: 1 << 20)
        for _ in 0..<4 { stream.write(megabyte.span) }
        #expect(recorder.failures.isEmpty, "not within the call")
        Script.run(reactor, { !recorder.failures.isEmpty })
        #expect(recorder.failures == [.outOfBuffers])
        #expect(reactor.pool.bytesLent == 0)
        ends.closeFar()
    }

    /// What is put off to the next turn runs once a turn, however often it puts itself off again, and does not wait for
    /// an event; what is put off to the end of a turn runs in that turn.
    @Test func theNextTurnIsNotThisOne() throws {
        let reactor = try Reactor(pool: .forTests(bytesMax: 2 << 20))
        var times: [UInt64] = []
        func again() {
            times.append(reactor.now)
            reactor.atEndOfTurn { times.append(reactor.now) }
            if times.count < 5 { reactor.atNextTurn(again) } else { reactor.atEndOfTurn { reactor.stop() } }
        }
        reactor.atNextTurn(again)
        reactor.run()
        #expect(times.count == 6)
        #expect(Set(times).count == 3)
    }

    @Test func inputWaitsUntilThePoolHasRoom() throws {
        let reactor = try Reactor(pool: .forTests(bytesMax: 4 << 20))
        let recorder = Recorder()
        let ends = try Ends.socketPair()
        let stream = try reactor.makeStream(Descriptor(owning: ends.near), kind: .socket)
        stream.delegate = recorder
        let hoard = Box(Hoard(3, 1 << 20, reactor.pool))
        #expect(hoard.value != nil)
        ends.writeFar([1])
        let pause = Pause()
        Script.run(
            reactor, pause.step,
            Script.once {
                #expect(recorder.reads == 0)
                hoard.value = nil
            },
            { recorder.bytes == [1] })
        #expect(pause.hasSlept)
        stream.close()
        ends.closeFar()
    }

    @Test func aStreamClosedWhileItWaitsIsLeftAlone() throws {
        let reactor = try Reactor(pool: .forTests(bytesMax: 4 << 20))
        let recorder = Recorder()
        let ends = try Ends.socketPair()
        let stream = try reactor.makeStream(Descriptor(owning: ends.near), kind: .socket)
        stream.delegate = recorder
        let hoard = Box(Hoard(3, 1 << 20, reactor.pool))
        #expect(hoard.value != nil)
        ends.writeFar([1])
        Script.run(
            reactor, Pause(ticks: 5).step,
            Script.once {
                stream.close()
                hoard.value = nil
            },
            Pause(ticks: 5).step)
        #expect(recorder.reads == 0 && recorder.failures.isEmpty)
        ends.closeFar()
    }

    /// In a process of its own, because the limit on descriptors holds for all of it.
    @Test func aListenerWithoutDescriptorsRestsAndGoesOn() async {
        await #expect(processExitsWith: .success) {
            let reactor = try Reactor(pool: .forTests())
            let socket = try Socket.listener(.ipv4(address: 0x7F00_0001, port: 0), sharesPort: false)
            let address = try Socket.localAddress(socket)
            let accepted = Box(0)
            let exhausted = Box<[Errno]>([])
            let listener = try Listener(
                socket, reactor: reactor, accept: { _, _ in accepted.value += 1 },
                exhausted: { exhausted.value.append($0) })
            for _ in 0..<3 { _ = try Ends.connect(to: address) }
            setOpenFilesMax(3)
            let pause = Pause(ticks: 63)
            let start = reactor.now
            let triesMax = Box(0)
            Script.run(
                reactor, pause.step,
                Script.once {
                    triesMax.value = 2 + Int((reactor.now - start) / 100_000_000)
                    #expect(accepted.value == 0)
                    setOpenFilesMax(256)
                },
                { accepted.value == 3 })
            // One try each 100 ms.
            #expect((2...triesMax.value).contains(exhausted.value.count))
            #expect(exhausted.value.allSatisfy { $0 == .processFilesMax })
            #expect(pause.hasSlept)
            listener.close()
        }
    }
}

/// RLIMIT_NOFILE
private func setOpenFilesMax(_ count: UInt) {
    var limit = rlimit(rlim_cur: count, rlim_max: 1024)
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = count
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// Holds blocks of a pool until it is let go.
private final class Hoard {
    private var queue = BufferQueue()

    init?(_ count: Int, _ blockBytes: Int, _ pool: BlockPool) {
        for _ in 0..<count {
            guard var buffer = pool.take(blockBytes) else { return nil }
            buffer.produced(1)
            self.queue.append(buffer)
        }
    }
}
