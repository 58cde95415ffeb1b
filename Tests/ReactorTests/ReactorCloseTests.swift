import IOCore
import Reactor
import SystemCalls
import Testing

/// A loop holds whoever waits for something, and all of them hold the loop.
@Suite struct ReactorCloseTests {
    @Test func whoWaitsIsLetGo() throws {
        weak var delegate: Owner?
        weak var timer: Owner?
        weak var watched: Reactor?
        do {
            let reactor = try Reactor(pool: .forTests())
            let owner = Owner(try reactor.makeStream(Descriptor(owning: Ends.socketPair().near), kind: .socket))
            owner.stream.delegate = owner
            let sleeper = Owner(owner.stream)
            _ = reactor.startTimer(sleeper, at: .max)
            let mailbox = try Mailbox<Int>()
            _ = try MailboxBell(mailbox, reactor: reactor) { reactor.stop() }
            mailbox.post(1)
            reactor.run()
            reactor.close()
            (delegate, timer, watched) = (owner, sleeper, reactor)
        }
        #expect(delegate == nil)
        #expect(timer == nil)
        #expect(watched == nil)
    }

    @Test func theOtherEndHearsOfIt() throws {
        let reactor = try Reactor(pool: .forTests())
        let ends = try Ends.socketPair()
        let recorder = Recorder()
        let stream = try reactor.makeStream(Descriptor(owning: ends.near), kind: .socket)
        stream.delegate = recorder
        reactor.close()
        #expect(ends.readFar() == nil, "its end of the connection is closed")
        #expect(recorder.ends == 0 && recorder.failures.isEmpty, "nobody here is told")
    }

    private final class Owner: ByteStreamDelegate, TimerClient {
        let stream: any ByteStream
        init(_ stream: any ByteStream) { self.stream = stream }
        func received(_ window: inout MutableSpan<UInt8>, from start: Int) {}
        func inputEnded() {}
        func outputAdvanced() {}
        func failed(_ failure: StreamFailure) {}
        func timerFired() {}
    }
}
