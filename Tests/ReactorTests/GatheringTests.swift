import Glibc
import IOCore
import Reactor
import SystemCalls
import Testing

@Suite struct GatheringTests {
    /// Twenty bells a millisecond apart: without gathering each would have a turn of its own.
    @Test func eventsOfAWhileAreHandledInOneTurn() throws {
        let reactor = try Reactor(pool: .forTests())
        reactor.gatheringMilliseconds = 50
        let bell = try WakeUp()
        let listener = BellListener(descriptor: bell.descriptor.rawValue)
        let id = try reactor.register(listener, descriptor: bell.descriptor.rawValue, .input)
        let mailbox = try Mailbox<Bool>()
        let mailboxBell = try MailboxBell(mailbox, reactor: reactor) { reactor.stop() }
        let thread = try JoinableThread(name: "ringer") {
            for _ in 0..<20 {
                bell.ring()
                Clock.pause(milliseconds: 1)
            }
            mailbox.post(true)
        }
        reactor.run()
        thread.join()
        #expect(listener.turns > 0 && listener.turns < 20, "turns: \(listener.turns)")
        reactor.deregister(id)
        withExtendedLifetime(mailboxBell) {}
    }

    /// A mailbox is heard once a message: what was heard before the gathering must not be forgotten over it.
    @Test func aMessageFromBeforeIsNotLost() throws {
        let reactor = try Reactor(pool: .forTests())
        reactor.gatheringMilliseconds = 5
        let mailbox = try Mailbox<Int>()
        mailbox.post(7)
        let received = Box<[Int]>([])
        let mailboxBell = try MailboxBell(mailbox, reactor: reactor) { received.value += mailbox.take() }
        Script.run(reactor, { received.value == [7] })
        #expect(received.value == [7])
        withExtendedLifetime(mailboxBell) {}
    }
}

private final class BellListener: ReadinessHandler {
    private let descriptor: CInt
    private(set) var turns = 0

    init(descriptor: CInt) { self.descriptor = descriptor }

    override func ready(_ readiness: Readiness, on descriptor: CInt) {
        self.turns += 1
        var count: UInt64 = 0
        _ = unsafe read(self.descriptor, &count, 8)
    }

    override func close() {}
}
